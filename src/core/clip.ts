import type { Size } from './geometry.ts';

/** What is open: a video, or an image, which is a clip of one frame. Sizes are of the displayed frame. */
export interface ClipInfo extends Size {
  /** An animated image is a video. */
  readonly kind: 'video' | 'image';
  readonly frameCount: number;
  /** When each frame is shown, in seconds from the first; ascending, one for each frame. */
  readonly timestamps: Float64Array;
  /** Every time stamp is a whole number of ticks of the file's clock, this many a second. Absent where that is not known. */
  readonly ticksPerSecond?: number;
  /** When the last frame ends, in seconds. 0 for an image. */
  readonly duration: number;
  /** As the container names it, for example `avc1.64001f`; an image's MIME type. */
  readonly codec: string;
  /** The file's sound, if it has any. `startTime`: when the first frame is shown on the sound's clock, in seconds. */
  readonly sound?: { readonly startTime: number };
  /** Frames that the file lists at its end but does not hold, as it was cut off; not in `frameCount`. Absent if none. */
  readonly missingFrames?: number;
  /** The file is an animated image of which this browser can open only the first frame. */
  readonly firstFrameOnly?: true;
}

/** The largest side of a frame that is opened, in pixels. */
export const MAX_FRAME_SIDE = 8192;

/** Refuses frames that a clip does not have. @throws RangeError that names one */
export function checkFrames({ frameCount }: ClipInfo, ...frames: readonly number[]): void {
  for (const frame of frames) {
    if (Number.isInteger(frame) && frame >= 0 && frame < frameCount) continue;
    throw new RangeError(`There is no frame ${frame} in a clip of ${frameCount} frames.`);
  }
}

/** The frame shown at `time` seconds: the last one whose time stamp is not later. */
export function frameAtTime(timestamps: Float64Array, time: number): number {
  let low = 0;
  let high = timestamps.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((timestamps[middle] ?? Infinity) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
