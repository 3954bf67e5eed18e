import { FrameMap, type Part } from './frameMap.ts';
import type { FrameMask, FrameStatus, StatusCounts } from './frameMask.ts';
import { PackedMasks } from './packedMasks.ts';

const NO_FRAMES: StatusCounts = {
  prompted: 0,
  tracked: 0,
  stale: 0,
  absent: 0,
  interpolated: 0,
  detailed: 0,
};
const partCounts = new WeakMap<Part<FrameMask>, StatusCounts>();

function countsOf(part: Part<FrameMask>): StatusCounts {
  let counts = partCounts.get(part);
  if (counts === undefined) {
    counts = part instanceof PackedMasks ? part.statusCounts : countStatuses(part);
    partCounts.set(part, counts);
  }
  return counts;
}

function countStatuses(part: Part<FrameMask>): StatusCounts {
  const found = { ...NO_FRAMES };
  for (const { status } of part.values()) found[status]++;
  return found;
}

/** A masklet: all masks of one object, by frame. A value: every change gives a new track, and old ones stay true. */
export class MaskTrack implements Iterable<[frame: number, mask: FrameMask]> {
  static readonly EMPTY = new MaskTrack(new FrameMap());

  readonly #frames: FrameMap<FrameMask>;

  private constructor(frames: FrameMap<FrameMask>) {
    this.#frames = frames;
  }

  /** Number of frames that have a mask. */
  get size(): number {
    return this.#frames.size;
  }

  /** How many frames have which status. */
  get counts(): StatusCounts {
    const sum = { ...NO_FRAMES };
    for (const part of this.parts) {
      const counts = countsOf(part);
      for (const status of Object.keys(sum) as FrameStatus[]) sum[status] += counts[status];
    }
    return sum;
  }

  /** The track in pieces, each of some hundred frames next to each other. */
  get parts(): Iterable<Part<FrameMask>> {
    return this.#frames.parts;
  }

  get(frame: number): FrameMask | undefined {
    return this.#frames.get(frame);
  }

  /** A track with `masks` put in. */
  with(masks: Iterable<readonly [frame: number, mask: FrameMask]>): MaskTrack {
    return new MaskTrack(this.#frames.with(masks));
  }

  /** A track with `masks` put in; a frame with `undefined` is taken out. */
  changed(masks: Iterable<readonly [frame: number, mask: FrameMask | undefined]>): MaskTrack {
    return new MaskTrack(this.#frames.with(masks));
  }

  /** A track with whole parts put in, by their place ({@link FrameMap.withParts}). */
  withParts(parts: Iterable<readonly [place: number, part: Part<FrameMask> | undefined]>): MaskTrack {
    return new MaskTrack(this.#frames.withParts(parts));
  }

  without(frame: number): MaskTrack {
    return this.get(frame) ? new MaskTrack(this.#frames.with([[frame, undefined]])) : this;
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

  /** The frames on which this track has not the very mask that `former` has. */
  changedFrames(former: MaskTrack): number[] {
    return this.#frames.changedFrames(former.#frames);
  }

  [Symbol.iterator](): Iterator<[frame: number, mask: FrameMask]> {
    return this.#frames[Symbol.iterator]();
  }
}
