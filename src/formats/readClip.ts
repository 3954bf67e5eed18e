import { FormatError } from '../core/formatError.ts';
import { paletteColor, type ClipFacts } from './facts.ts';
import type { ClipFrame, ClipObject } from '../core/maskedClip.ts';

/** A clip with more objects than this is no clip of masks, but a picture that was taken for one. */
const MOST_OBJECTS = 1000;

/**
 * Frames by their names, in rising order: the number is what `frames.json` says, else the digits that every name ends with,
 * else the place in the order of the names.
 */
export function framesOfNames(
  names: readonly string[],
  facts: Pick<ClipFacts, 'frames'> & Partial<Pick<ClipFacts, 'times'>>,
): ClipFrame[] {
  const known = names.map((name) => facts.frames.get(name));
  if (known.every((frame) => frame !== undefined)) return inOrder(known);
  const numbers = names.map((name) => Number(/(\d{1,9})$/.exec(name)?.[1] ?? NaN));
  if (numbers.every((number) => !Number.isNaN(number)) && new Set(numbers).size === names.length) {
    return inOrder(names.map((name, i) => timed({ number: numbers[i] ?? i, name }, facts.times)));
  }
  return names.toSorted(byName).map((name, number) => ({ number, name }));
}

function timed(frame: ClipFrame, times: ClipFacts['times'] | undefined): ClipFrame {
  const time = times?.get(frame.number);
  return time === undefined ? frame : { ...frame, time };
}

function inOrder(frames: readonly ClipFrame[]): ClipFrame[] {
  return frames.toSorted((a, b) => a.number - b.number);
}

/** Compares names as a person sorts them: 9 before 10. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b);
}

const collator = new Intl.Collator('en', { numeric: true });

/** The number of frames of a clip that reaches as far as these do. */
export function frameCountOf(frames: readonly ClipFrame[], stated: number | undefined): number {
  return Math.max(stated ?? 0, (frames.at(-1)?.number ?? -1) + 1);
}

/**
 * Objects by their ids: called as `objects.json` says and in its order, else by their number and in the order of their ids.
 * @throws FormatError if there are too many to be objects
 */
export function objectsOfIds(ids: Iterable<number>, facts: Pick<ClipFacts, 'objects'>): ClipObject[] {
  const found = new Set(ids);
  checkObjectCount(found.size);
  const ordered = [...facts.objects.keys()].filter((id) => found.delete(id));
  return [...ordered, ...[...found].sort((a, b) => a - b)].map((id) => {
    const name = `Object ${id}`;
    return { id, color: paletteColor(id), ...(facts.objects.get(id) ?? { name, category: name }) };
  });
}

/** @throws FormatError if there are too many to be objects */
export function checkObjectCount(count: number): void {
  if (count <= MOST_OBJECTS) return;
  throw new FormatError(`More than ${MOST_OBJECTS} objects: these are pictures rather than masks.`);
}

/**
 * The clip that is meant among several.
 * @throws FormatError if there is none of that name, or several and none was named
 */
export function chooseClip(names: readonly string[], wanted: string | undefined): string {
  const some = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new FormatError(`There is no clip “${wanted}” here; there is ${some}.`);
  }
  const [only, ...others] = names;
  if (only === undefined) throw new FormatError('There are no masks here.');
  if (others.length === 0) return only;
  throw new FormatError(`There are ${names.length} clips here: ${some}. Choose one of them.`);
}
