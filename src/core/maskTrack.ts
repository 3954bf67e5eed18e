import type { MaskRle } from './rle.ts';

/**
 * `prompted`: decoded from prompts on this very frame. `tracked`: followed from prompts elsewhere, and true to the
 * prompts as they are now. `stale`: tracked before the prompts changed; still shown. `absent`: tracked, and the object
 * was not found; the mask is empty.
 */
export type FrameStatus = 'prompted' | 'tracked' | 'stale' | 'absent';

export interface FrameMask {
  readonly mask: MaskRle;
  readonly status: FrameStatus;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
}

/** A masklet: all masks of one object, by frame. A value: every change gives a new track, and old ones stay true. */
export class MaskTrack implements Iterable<[frame: number, mask: FrameMask]> {
  static readonly EMPTY = new MaskTrack(new Map());

  readonly #frames: ReadonlyMap<number, FrameMask>;

  private constructor(frames: ReadonlyMap<number, FrameMask>) {
    this.#frames = frames;
  }

  get size(): number {
    return this.#frames.size;
  }

  get(frame: number): FrameMask | undefined {
    return this.#frames.get(frame);
  }

  /** A track with `masks` put in: one copy, however many frames change. */
  with(masks: Iterable<readonly [frame: number, mask: FrameMask]>): MaskTrack {
    const frames = new Map(this.#frames);
    for (const [frame, mask] of masks) frames.set(frame, mask);
    return new MaskTrack(frames);
  }

  without(frame: number): MaskTrack {
    const frames = new Map(this.#frames);
    frames.delete(frame);
    return new MaskTrack(frames);
  }

  /** A track whose tracked and absent frames are stale: the prompts that they followed have changed. */
  stale(): MaskTrack {
    return this.with(
      Array.from(this.#frames, ([frame, mask]) => [
        frame,
        mask.status === 'prompted' ? mask : { ...mask, status: 'stale' as const },
      ]),
    );
  }

  /** True if every one of `frameCount` frames has a mask that is not stale. */
  isFresh(frameCount: number): boolean {
    if (this.#frames.size < frameCount) return false;
    for (const { status } of this.#frames.values()) if (status === 'stale') return false;
    return true;
  }

  [Symbol.iterator](): Iterator<[number, FrameMask]> {
    return this.#frames[Symbol.iterator]();
  }
}
