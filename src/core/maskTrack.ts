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
  /** The prompted frame that tracking set out from to come here; none for a prompted mask. */
  readonly origin?: number;
  /** IoU with the mask that another run had made from the same prompts, if there was one. */
  readonly agreement?: number;
}

/** Frames for each part of a track: a change copies one part and the list of parts, not the whole track. */
const PART = 256;

/** Frames of a track that change together. What is computed from one is true as long as it is the same map. */
export type Part = ReadonlyMap<number, FrameMask>;

export type StatusCounts = Readonly<Record<FrameStatus, number>>;

const NO_FRAMES: StatusCounts = { prompted: 0, tracked: 0, stale: 0, absent: 0 };
const partCounts = new WeakMap<Part, StatusCounts>();

function countsOf(part: Part): StatusCounts {
  let counts = partCounts.get(part);
  if (counts === undefined) {
    const found = { ...NO_FRAMES };
    for (const { status } of part.values()) found[status]++;
    counts = found;
    partCounts.set(part, counts);
  }
  return counts;
}

/** A masklet: all masks of one object, by frame. A value: every change gives a new track, and old ones stay true. */
export class MaskTrack implements Iterable<[frame: number, mask: FrameMask]> {
  static readonly EMPTY = new MaskTrack(new Map());

  readonly #parts: ReadonlyMap<number, Part>;
  /** Number of frames that have a mask. */
  readonly size: number;

  private constructor(parts: ReadonlyMap<number, Part>) {
    this.#parts = parts;
    let size = 0;
    for (const part of parts.values()) size += part.size;
    this.size = size;
  }

  /** How many frames have which status. */
  get counts(): StatusCounts {
    const sum = { ...NO_FRAMES };
    for (const part of this.#parts.values()) {
      const counts = countsOf(part);
      for (const status of Object.keys(sum) as FrameStatus[]) sum[status] += counts[status];
    }
    return sum;
  }

  /** The track in pieces, each of some hundred frames next to each other. */
  get parts(): Iterable<Part> {
    return this.#parts.values();
  }

  get(frame: number): FrameMask | undefined {
    return this.#parts.get(Math.floor(frame / PART))?.get(frame);
  }

  /** A track with `masks` put in. */
  with(masks: Iterable<readonly [frame: number, mask: FrameMask]>): MaskTrack {
    const parts = new Map(this.#parts);
    const copied = new Map<number, Map<number, FrameMask>>();
    for (const [frame, mask] of masks) {
      const index = Math.floor(frame / PART);
      const part = copied.get(index) ?? new Map(parts.get(index));
      part.set(frame, mask);
      copied.set(index, part);
      parts.set(index, part);
    }
    return new MaskTrack(parts);
  }

  without(frame: number): MaskTrack {
    const index = Math.floor(frame / PART);
    const part = new Map(this.#parts.get(index));
    if (!part.delete(frame)) return this;
    return new MaskTrack(new Map(this.#parts).set(index, part));
  }

  /** A track whose tracked and absent frames are stale, of those that `isMeant` picks. */
  stale(isMeant: (frame: number, mask: FrameMask) => boolean): MaskTrack {
    const changed: [number, FrameMask][] = [];
    for (const [frame, mask] of this) {
      if (mask.status === 'prompted' || mask.status === 'stale' || !isMeant(frame, mask)) continue;
      changed.push([frame, { ...mask, status: 'stale' }]);
    }
    return changed.length > 0 ? this.with(changed) : this;
  }

  *[Symbol.iterator](): Generator<[frame: number, mask: FrameMask], void, undefined> {
    for (const part of this.#parts.values()) yield* part;
  }
}
