import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import type { DeviceTensor, GraphRuntime, GraphSession } from '../../../models/graph.ts';
import { loadReplayed } from '../../../models/loadReplayed.ts';
import { onGpu } from '../../../models/tensorStore.ts';
import { MASK_DIMS } from '../decoder.ts';
import { IOUS, MASKS } from '../tensorNames.ts';
import type { GpuDecoded } from './gpuEvidence.ts';
import { GUESS_POINTS, type GpuPrompts } from './gpuGuessPrompts.ts';

/** For how many objects runs may be recorded, each by a session of its own. */
const RECORDED = [1, 2, 4, 8] as const;

/** Loads the decoder for so many objects, to be replayed. Nothing where no run can be replayed. */
export type LoadForObjects = (objects: number) => Promise<GraphSession | undefined>;

/** Loads the decoder for so many objects of one frame, with the points of a guess. */
export function loadForGuesses(runtime: Pick<GraphRuntime, 'load'>, file: Uint8Array): LoadForObjects {
  return (objects) =>
    loadReplayed(runtime, 'mask decoder', file, {
      num_pictures: 1,
      num_objects: objects,
      num_points: GUESS_POINTS,
    });
}

/**
 * The mask decoder, asked with guesses. A session that records its runs has a fixed number of places: where runs can be replayed, up to eight
 * objects are decoded by one run of the session with the fewest places that has one for each. Places that are left keep earlier prompts, and nobody
 * reads what is decoded for them. Where no run can be replayed, as many objects as memory allows are decoded at once.
 */
export class GuessDecoder {
  readonly #memory: GpuMemory;
  readonly #plain: GraphSession;
  readonly #load: LoadForObjects;
  readonly #objectsPerRun: number;
  readonly #recorded = new Map<number, Promise<GraphSession | undefined>>();
  readonly #hasMask: GpuSlice;
  /** Until it is found that no run can be replayed here. */
  #replays = true;

  /**
   * @param plain stays its owner's
   * @param load is called when that many objects are decoded for the first time
   * @param objectsPerRun the most objects that the decoder is given at once; what recorded runs keep is of no more objects in all
   */
  constructor(memory: GpuMemory, plain: GraphSession, load: LoadForObjects, objectsPerRun: number) {
    this.#memory = memory;
    this.#plain = plain;
    this.#load = load;
    this.#objectsPerRun = objectsPerRun;
    const one = Float32Array.of(1);
    this.#hasMask = memory.join([one], one.byteLength);
  }

  /** Decodes the prompts of `count` objects. @param held what it makes is added, to be freed */
  async decode(
    image: DeviceTensor,
    { coords, labels, masks }: Pick<GpuPrompts, 'coords' | 'labels' | 'masks'>,
    count: number,
    held: GpuSlice[],
  ): Promise<GpuDecoded> {
    const answers: GpuDecoded[] = [];
    for (let first = 0; first < count;) {
      const { session, places } = await this.#sessionFor(count - first);
      const objects = Math.min(places, count - first);
      const part = (of: GpuSlice, start: number, among: number) => {
        const slice = of.part((start * of.bytes) / among, (objects * of.bytes) / among);
        held.push(slice);
        return slice;
      };
      const outputs = await session.runInPlace(
        {
          image_embeddings: image,
          point_coords: { slice: part(coords, first, count), dims: [places, GUESS_POINTS, 2] },
          point_labels: { slice: part(labels, first, count), dims: [places, GUESS_POINTS] },
          mask_input: { slice: part(masks, first, count), dims: [places, ...MASK_DIMS.slice(1)] },
          has_mask_input: { slice: this.#hasMask, dims: [1] },
        },
        [MASKS, IOUS],
      );
      const whole = { masks: onGpu(outputs[MASKS]), ious: onGpu(outputs[IOUS]) };
      held.push(whole.masks, whole.ious);
      answers.push({ masks: part(whole.masks, 0, places), ious: part(whole.ious, 0, places) });
      first += objects;
    }
    const [all] = answers;
    if (all && answers.length === 1) return all;
    const join = (name: keyof GpuDecoded) => {
      const parts = answers.map((answer) => answer[name]);
      const joined = this.#memory.join(
        parts,
        parts.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      held.push(joined);
      return joined;
    };
    return { masks: join('masks'), ious: join('ious') };
  }

  async dispose(): Promise<void> {
    this.#hasMask.free();
    const loaded = await Promise.allSettled(this.#recorded.values());
    for (const each of loaded) if (each.status === 'fulfilled') await each.value?.dispose();
  }

  /** What decodes the next of `left` objects, and how many it has places for. */
  async #sessionFor(left: number): Promise<{ session: GraphSession; places: number }> {
    // Sessions with fewer places may be kept as well: all together have one place less than twice as many.
    const sizes = RECORDED.filter((places) => 2 * places - 1 <= this.#objectsPerRun);
    const places = sizes.find((each) => each >= left) ?? sizes.at(-1);
    const session = this.#replays && places !== undefined ? await this.#recordedFor(places) : undefined;
    if (session && places !== undefined) return { session, places };
    this.#replays = false;
    return { session: this.#plain, places: Math.min(this.#objectsPerRun, left) };
  }

  #recordedFor(objects: number): Promise<GraphSession | undefined> {
    const known = this.#recorded.get(objects);
    if (known) return known;
    const loading = this.#load(objects);
    this.#recorded.set(objects, loading);
    // One that failed with the GPU is tried again.
    loading.catch(() => this.#recorded.delete(objects));
    return loading;
  }
}
