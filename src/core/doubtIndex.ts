import { doubtOn, isSameEvidence, overlap, type Doubt, type Doubted, type Doubts } from './doubt.ts';
import { FrameMap } from './frameMap.ts';
import { MaskTrack, type FrameMask } from './maskTrack.ts';

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
    if (objects === this.#objects) return this.#doubts;
    const suspects = this.#suspects(objects);
    this.#doubts = new Map(
      objects.map((object) => {
        const known = this.#doubts.get(object.id) ?? new FrameMap<Doubt>();
        const judged = Array.from(
          suspects.get(object.id) ?? [],
          (frame) => [frame, doubtOn(object, frame, objects)] as const,
        );
        return [object.id, known.with(judged.filter(([frame, doubt]) => known.get(frame) !== doubt))];
      }),
    );
    this.#objects = objects;
    return this.#doubts;
  }

  /** The frames of each object on which its doubt may have changed since the objects that are known. */
  #suspects(objects: readonly Doubted[]): Map<number, Set<number>> {
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
    }
    for (const { id, frame, mask } of changes) {
      for (const other of objects) {
        if (other.id === id || suspects.get(other.id)?.has(frame)) continue;
        const did = this.#doubts.get(other.id)?.get(frame) === 'overlaps';
        if (did || (mask && overlap(mask, other.track.get(frame)))) suspects.get(other.id)?.add(frame);
      }
    }
    return suspects;
  }
}
