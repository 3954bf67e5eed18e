import { FormatError } from '../core/formatError.ts';
import { rleArea, subtractRle, type MaskRle } from '../core/rle.ts';
import { objectsFile, type ClipFacts } from './facts.ts';
import { tellShared } from './idMaps.ts';
import type { ClipObject, FrameMasks, MaskedClip } from '../core/maskedClip.ts';
import type { Report } from './report.ts';

/** The class of pixels that nobody judges. */
const IGNORED_CLASS = 10;
/** The id of pixels that nobody judges. */
export const IGNORED = IGNORED_CLASS * 1000;

/** Classes that the data sets of MOTS have numbers for. */
const CLASSES: Readonly<Record<string, number>> = { car: 1, pedestrian: 2, person: 2 };

/** An id says the class and the object: class · 1000 + object. */
const INSTANCES = 1000;

/** The largest id that a PNG of 16 bits holds. */
const MOST_CLASSES = 65;

interface MotsId {
  readonly id: number;
  readonly classId: number;
}

/** The ids of a clip's objects. @throws FormatError if there are more objects or classes than ids */
export function motsIds({ objects }: Pick<MaskedClip, 'objects'>): ReadonlyMap<number, MotsId> {
  const classes = new Map<string, number>();
  let next = 3;
  for (const { category } of objects) {
    if (classes.has(category)) continue;
    const known = CLASSES[category.toLowerCase()];
    if (known === undefined && next === IGNORED_CLASS) next++;
    classes.set(category, known ?? next++);
  }
  if (next > MOST_CLASSES || objects.length >= INSTANCES) {
    throw new FormatError('MOTS has room for 62 categories and 999 objects.');
  }
  const keepsIds = objects.every(({ id }) => id < INSTANCES);
  return new Map(
    objects.map(({ id, category }, i) => {
      const classId = classes.get(category) ?? 3;
      return [id, { classId, id: classId * INSTANCES + (keepsIds ? id : i + 1) }];
    }),
  );
}

/** Takes from each object what lies under another: MOTS gives a pixel to one object. Counts what was shared. */
export class Flattener {
  readonly #objects: readonly ClipObject[];
  #pixels = 0;
  #frames = 0;

  constructor(objects: readonly ClipObject[]) {
    this.#objects = objects;
  }

  /** What is seen of each object on a frame; only those of which anything is. */
  shown({ masks }: FrameMasks): [id: number, mask: MaskRle][] {
    const above: MaskRle[] = [];
    const shown: [number, MaskRle][] = [];
    let lost = 0;
    for (const { id } of this.#objects.toReversed()) {
      const whole = masks.get(id)?.mask;
      if (whole === undefined || rleArea(whole) === 0) continue;
      const mask = subtractRle(whole, above);
      lost += rleArea(whole) - rleArea(mask);
      above.push(whole);
      if (rleArea(mask) > 0) shown.unshift([id, mask]);
    }
    this.#pixels += lost;
    if (lost > 0) this.#frames++;
    return shown;
  }

  tell(report: Report): void {
    tellShared(report, this.#pixels, this.#frames);
  }
}

/** `objects.json` with the ids of MOTS. */
export function motsObjectsFile(clip: MaskedClip, ids: ReadonlyMap<number, MotsId>) {
  return objectsFile(clip, new Map(Array.from(ids, ([id, mots]) => [id, mots.id])));
}

/** An object's id within its class, where no two classes have the same; else 1 to N. */
export function objectIds(motsIds: Iterable<number>): ReadonlyMap<unknown, number> {
  const unique = [...new Set(motsIds)].filter((id) => id !== IGNORED);
  const within = unique.map((id) => id % INSTANCES);
  if (!within.includes(0) && new Set(within).size === unique.length) {
    return new Map(unique.map((id, i) => [id, within[i] ?? id]));
  }
  return new Map(unique.map((id, i) => [id, i + 1]));
}

/** What `objects.json` says of objects, by the ids that they get. */
export function renumbered({ objects }: ClipFacts, ids: ReadonlyMap<unknown, number>): ClipFacts['objects'] {
  return new Map(
    Array.from(objects).flatMap(([motsId, about]) => {
      const id = ids.get(motsId);
      return id === undefined ? [] : [[id, about] as const];
    }),
  );
}
