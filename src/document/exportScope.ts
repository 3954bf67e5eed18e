import { rangesOf, type FrameRange, type FrameRanges } from '../core/frameRanges.ts';
import type { MaskDocument, MaskObject } from './document.ts';

/** Which frames of a clip are exported: those between the marks, those on which any object has a mask, or all. */
export type FrameChoice = 'marks' | 'masked' | 'all';

/** What an export would hold, and what it would lack. */
export interface ExportScope {
  /** In rising order. */
  readonly frames: readonly number[];
  /** Objects that have a mask on any frame of the clip, in drawing order. The others are left out. */
  readonly objects: readonly MaskObject[];
  /** Masks of all objects on these frames. */
  readonly maskCount: number;
  /** Only objects that lack something. */
  readonly gaps: readonly ObjectGaps[];
}

/** What an object lacks on the frames that are exported. */
export interface ObjectGaps {
  readonly name: string;
  /** Neither masks nor prompts anywhere. */
  readonly isEmpty: boolean;
  /** Prompted, but never tracked, though there is more than one frame. */
  readonly isUntracked: boolean;
  /** Frames without a mask. */
  readonly missing: FrameRanges;
  /** Frames whose mask was tracked before the last change. */
  readonly stale: FrameRanges;
}

/** All frames from the first to the last, both included. */
export function framesBetween(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The frames of a choice. Where no marks are set, `marks` are all frames. */
export function framesOf(
  choice: FrameChoice,
  { objects }: MaskDocument,
  { frameCount, range }: { readonly frameCount: number; readonly range: FrameRange | undefined },
): number[] {
  const { first, last } = (choice === 'marks' && range) || { first: 0, last: frameCount - 1 };
  const frames = framesBetween(first, last);
  if (choice !== 'masked') return frames;
  return frames.filter((frame) => objects.some(({ track }) => track.get(frame) !== undefined));
}

/** Every Nth of some frames, beginning with the first. */
export function everyNth(frames: readonly number[], step: number): number[] {
  return frames.filter((_, at) => at % step === 0);
}

/** What an export of these frames would hold, and lack. @param frameCount of the whole clip */
export function exportScope(
  { objects }: MaskDocument,
  frames: readonly number[],
  frameCount: number,
): ExportScope {
  const masked = objects.filter(({ track }) => track.size > 0);
  const isMasked = (frame: number, { track }: MaskObject) => track.get(frame) !== undefined;
  const maskCount = masked.reduce(
    (sum, object) => sum + frames.filter((frame) => isMasked(frame, object)).length,
    0,
  );
  const gaps = objects
    .map((object) => gapsOf(object, frames, frameCount))
    .filter(({ isEmpty, missing, stale }) => isEmpty || missing.length > 0 || stale.length > 0);
  return { frames, objects: masked, maskCount, gaps };
}

function gapsOf(
  { name, prompts, track }: MaskObject,
  frames: readonly number[],
  frameCount: number,
): ObjectGaps {
  const { prompted } = track.counts;
  return {
    name,
    isEmpty: track.size === 0 && prompts.size === 0,
    isUntracked: frameCount > 1 && track.size === prompted,
    missing: rangesOf(frames.filter((frame) => track.get(frame) === undefined)),
    stale: rangesOf(frames.filter((frame) => track.get(frame)?.status === 'stale')),
  };
}
