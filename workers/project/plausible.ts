import { MAX_FRAME_SIDE, type ClipInfo } from '../../src/core/clip.ts';
import { MaskletError } from '../../src/core/errors.ts';
import type { FrameRanges } from '../../src/core/frameRanges.ts';

/**
 * Whether the numbers of a project can be: the app counts through frames and states, and would never end where a damaged or hostile file
 * says that there are a billion.
 */

/** More states than any history has, whose steps are a hundred. */
const MOST_STATES = 1000;

/** Where the states of a history stand. */
export interface Positions {
  readonly oldest: number;
  readonly present: number;
  readonly newest: number;
}

/** Whether these are positions of a history. */
export function arePositions({ oldest, present, newest }: Positions): boolean {
  const areWhole = [oldest, present, newest].every((position) => Number.isSafeInteger(position));
  return areWhole && oldest <= present && present <= newest && newest - oldest < MOST_STATES;
}

/** Whether what a project says of its clip can be. @param timestamps of its frames, as they were read */
export function isClip({ width, height, frameCount }: ClipInfo, timestamps: unknown): boolean {
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= MAX_FRAME_SIDE;
  return (
    isSide(width) &&
    isSide(height) &&
    Array.isArray(timestamps) &&
    frameCount >= 1 &&
    timestamps.length === frameCount &&
    timestamps.every((time) => Number.isFinite(time))
  );
}

/** Whether the clip has a frame. */
export function isFrame(frame: unknown, frameCount: number): boolean {
  return Number.isInteger(frame) && Number(frame) >= 0 && Number(frame) < frameCount;
}

/** Whether a value is ranges of frames that the clip has. */
export function areRanges(value: unknown, frameCount: number): value is FrameRanges {
  if (!Array.isArray(value)) return false;
  return value.every((range: Partial<Record<'first' | 'last', unknown>> | null) => {
    const { first, last } = range ?? {};
    return isFrame(first, frameCount) && isFrame(last, frameCount) && Number(first) <= Number(last);
  });
}

/** Thrown where a project says what cannot be. */
export function implausible(what: string): MaskletError {
  return new MaskletError('project-damaged', `This project is damaged: ${what}.`);
}

/** What a project holds as JSON. @throws `project-damaged` where it is none */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new MaskletError('project-damaged', 'This project is damaged: a part of it cannot be read.', {
      cause,
    });
  }
}
