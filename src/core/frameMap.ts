/** Frames for each part of a map: a change copies one part and the list of parts, not the whole map. */
export const FRAMES_IN_PART = 256;

/** Frames next to each other that change together. What is computed from one is true as long as it is the same map. */
export interface Part<T> extends Iterable<[frame: number, value: T]> {
  /** Number of frames that have a value. */
  readonly size: number;
  has(frame: number): boolean;
  get(frame: number): T | undefined;
  keys(): Iterable<number>;
  values(): Iterable<T>;
}

/** Something for each of some frames of a long clip. A value: every change gives a new map, and old ones stay true. */
export class FrameMap<T> implements Iterable<[frame: number, value: T]> {
  readonly #parts: ReadonlyMap<number, Part<T>>;
  /** Number of frames that have a value. */
  readonly size: number;

  constructor(parts: ReadonlyMap<number, Part<T>> = new Map()) {
    this.#parts = parts;
    let size = 0;
    for (const part of parts.values()) size += part.size;
    this.size = size;
  }

  /** The map in pieces, each of some hundred frames next to each other. */
  get parts(): Iterable<Part<T>> {
    return this.#parts.values();
  }

  get(frame: number): T | undefined {
    return this.#parts.get(Math.floor(frame / FRAMES_IN_PART))?.get(frame);
  }

  /** A map with `entries` put in; a frame with `undefined` is taken out. The same map if there are none. */
  with(entries: Iterable<readonly [frame: number, value: T | undefined]>): FrameMap<T> {
    const copied = new Map<number, Map<number, T>>();
    for (const [frame, value] of entries) {
      const index = Math.floor(frame / FRAMES_IN_PART);
      const part = copied.get(index) ?? new Map(this.#parts.get(index) ?? []);
      if (value === undefined) part.delete(frame);
      else part.set(frame, value);
      copied.set(index, part);
    }
    return copied.size > 0 ? new FrameMap(new Map([...this.#parts, ...copied])) : this;
  }

  /** A map with parts put in, by their place: part `n` is of the frames from `n` times {@link FRAMES_IN_PART}. `undefined` takes one out. */
  withParts(parts: Iterable<readonly [place: number, part: Part<T> | undefined]>): FrameMap<T> {
    const all = new Map(this.#parts);
    for (const [place, part] of parts) {
      if (part === undefined) all.delete(place);
      else all.set(place, part);
    }
    return new FrameMap(all);
  }

  /** The frames on which this map has not the very value that `former` has. Looks into those parts only that changed. */
  changedFrames(former: FrameMap<T>): number[] {
    const frames: number[] = [];
    for (const index of new Set([...this.#parts.keys(), ...former.#parts.keys()])) {
      const [here, there] = [this.#parts.get(index), former.#parts.get(index)];
      if (here === there) continue;
      for (const [frame, value] of here ?? []) if (there?.get(frame) !== value) frames.push(frame);
      for (const frame of there?.keys() ?? []) if (!here?.has(frame)) frames.push(frame);
    }
    return frames;
  }

  *[Symbol.iterator](): Generator<[frame: number, value: T], void, undefined> {
    for (const part of this.#parts.values()) yield* part;
  }
}
