import type { EdgeSettings } from './edges/edgeSettings.ts';
import type { FrameRanges } from './frameRanges.ts';
import type { RgbaImage } from './frames.ts';
import type { Size, VideoBox } from './geometry.ts';
import type { PointPrompt } from './prompts.ts';
import type { TrackSettings } from './protocol/segmenter.ts';
import type { ProvenanceRun } from './provenance.ts';
import type { MaskRle } from './rle.ts';

/** A frame that masks are written for, or were read of. */
export interface ClipFrame {
  /** The frame's number in the clip, from 0. */
  readonly number: number;
  /** What the frame's files are called, without an ending. Unique in the clip. */
  readonly name: string;
  /** When the frame is shown, in seconds from the clip's first frame. */
  readonly time?: number;
  /** How long it is shown, in seconds. */
  readonly duration?: number;
}

/** One object of a clip. */
export interface ClipObject {
  /** A whole number from 1, unique in the clip. */
  readonly id: number;
  readonly name: string;
  /** What kind of thing it is, as data sets have it. Several objects may be of one category. */
  readonly category: string;
  /** Red, green and blue, 0 to 255. */
  readonly color: readonly [red: number, green: number, blue: number];
  /** Frames whose mask a person has found right. */
  readonly reviewed?: FrameRanges;
  readonly prompts?: readonly ObjectPrompts[];
  /** Where its masks come from, as far as that is known; in rising order. */
  readonly provenance?: readonly ProvenanceRun[];
  /** How the edge of its masks is to be written; as they have it where it is left out. */
  readonly edge?: EdgeSettings;
}

/** The mask of one object on one frame. */
export interface ObjectMask {
  /** Of the clip's size; whole, whatever lies over it. */
  readonly mask: MaskRle;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score?: number;
}

/** What was said of an object on one frame, as prompt files have it. */
export interface ObjectPrompts {
  readonly frame: number;
  readonly points: readonly PointPrompt[];
  readonly box?: VideoBox;
  /** Whether a mask was given. */
  readonly hasMask: boolean;
  /** Which reading of a single click is meant; see `FramePrompts`. */
  readonly reading?: number;
  /** Whether the frame's mask must be given to track again: one was given, or points correct one that the prompts do not hold. */
  readonly isReplayedByMask: boolean;
}

/** All masks of one frame. */
export interface FrameMasks {
  /** The frame's place in `frames` of the clip. */
  readonly at: number;
  /** By object id. An object that is not on the frame is absent, or its mask is empty. */
  readonly masks: ReadonlyMap<number, ObjectMask>;
}

/** Masks of frames next to each other in the order of the clip's `frames`. */
export interface MaskBatch {
  readonly frames: readonly FrameMasks[];
  /** Whether these are the last frames; the next batch begins with the first again. */
  readonly isLast: boolean;
}

/** What is known of a clip of masks without the masks. */
export interface ClipOutline extends Size {
  /** Without an ending. */
  readonly name: string;
  /** Of the whole clip, of which `frames` may be a part. */
  readonly frameCount: number;
  readonly fps?: number;
  /** Ticks of the clip's clock a second: the times of its frames are whole numbers of them. */
  readonly ticksPerSecond?: number;
  /** In rising order of their numbers. */
  readonly frames: readonly ClipFrame[];
  /** In drawing order: where masks overlap, a later object lies on top. */
  readonly objects: readonly ClipObject[];
  /** The model that is to make masks of its prompts: its id, which names its weights. */
  readonly model?: string;
  /** How it was tracked. */
  readonly settings?: TrackSettings;
}

/**
 * Masks of a clip as every writer takes them and every reader gives them: what there is, and the masks as a stream that may be
 * asked for more than once. Nothing holds all masks at once.
 */
export interface MaskedClip extends ClipOutline {
  /** One item for each frame of `frames`, in order. Ends with `aborted` when the signal fires. */
  frameMasks(signal?: AbortSignal): AsyncIterable<FrameMasks>;
  /** The picture of a frame, by its place in `frames`; asked for in rising order. Absent where there are masks only. */
  pixels?(at: number, signal?: AbortSignal): Promise<RgbaImage>;
}
