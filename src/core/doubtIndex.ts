import { doubtOn, isSameEvidence, overlap, type Doubt, type Doubted, type Doubts } from './doubt.ts';
import { FrameMap } from './frameMap.ts';
import type { FrameMask } from './frameMask.ts';
import { MaskTrack } from './maskTrack.ts';

/** Masks that are judged in one step. */
const MASKS_IN_STEP = 32;
/** The part of the work that goes before the judging. */
const LISTING = 0.2;

/**
 * The doubtful frames of all objects, kept up to date at the cost of what changes: a mask that comes is compared with its
 * neighbours in time and with the other objects on its frame, and with nothing else.
 */
export class DoubtIndex {
  #objects: readonly Doubted[] = [];
  #doubts: ReadonlyMap<number, Doubts> = new Map();

  /** Takes up doubts that are known: those of `objects`, by id. */
  takeUp(objects: readonly Doubted[], doubts: ReadonlyMap<number, Doubts>): void {
    this.#objects = objects;
    this.#doubts = doubts;
  }

  /** The doubts of `objects`, by id. An object's are the very same map as before where none of them has changed. */
  of(objects: readonly Doubted[]): ReadonlyMap<number, Doubts> {
    const steps = this.judge(objects);
    while (!steps.next().done);
    return this.#doubts;
  }

  /**
   * The same in small steps, between which there is time for something else; it counts from its end on. Yields how much of it is done, from 0
   * to 1.
   */
  *judge(objects: readonly Doubted[]): Generator<number, void, undefined> {
    if (objects === this.#objects) return;
    const suspects = yield* this.#suspects(objects);
    let left = 0;
    for (const frames of suspects.values()) left += frames.size;
    const all = left;
    const doubts = new Map<number, Doubts>();
    for (const object of objects) {
      const known = this.#doubts.get(object.id) ?? new FrameMap<Doubt>();
      const changed: [number, Doubt | undefined][] = [];
      for (const frame of suspects.get(object.id) ?? []) {
        const doubt = doubtOn(object, frame, objects);
        if (known.get(frame) !== doubt) changed.push([frame, doubt]);
        if (--left % MASKS_IN_STEP === 0) yield LISTING + (1 - LISTING) * (1 - left / all);
      }
      doubts.set(object.id, known.with(changed));
    }
    this.#doubts = doubts;
    this.#objects = objects;
  }

  /** The frames of each object on which its doubt may have changed since the objects that are known. */
  *#suspects(objects: readonly Doubted[]): Generator<number, Map<number, Set<number>>, undefined> {
    const tracks = new Map(objects.map(({ id, track }) => [id, track]));
    const former = new Map(this.#objects.map(({ id, track }) => [id, track]));
    const suspects = new Map(objects.map(({ id }) => [id, new Set<number>()]));
    const changes: { readonly id: number; readonly frame: number; readonly mask: FrameMask | undefined }[] =
      [];
    for (const id of new Set([...tracks.keys(), ...former.keys()])) {
      const [here, there] = [tracks.get(id) ?? MaskTrack.EMPTY, former.get(id) ?? MaskTrack.EMPTY];
      for (const frame of here === there ? [] : here.changedFrames(there)) {
        const mask = here.get(frame);
        if (isSameEvidence(mask, there.get(frame))) continue;
        changes.push({ id, frame, mask });
        suspects
          .get(id)
          ?.add(frame - 1)
          .add(frame)
          .add(frame + 1);
      }
      yield 0;
    }
    for (const [i, { id, frame, mask }] of changes.entries()) {
      for (const other of objects) {
        if (other.id === id || suspects.get(other.id)?.has(frame)) continue;
        const did = this.#doubts.get(other.id)?.get(frame) === 'overlaps';
        if (did || (mask && overlap(mask, other.track.get(frame)))) suspects.get(other.id)?.add(frame);
      }
      if (i % MASKS_IN_STEP === 0) yield LISTING * (i / changes.length);
    }
    return suspects;
  }
}
