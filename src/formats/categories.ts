import type { MaskedClip } from '../core/maskedClip.ts';

/** A category of a clip, with a number from 1. */
interface Category {
  readonly id: number;
  readonly name: string;
}

/** The categories of a clip's objects, in the order in which they come first. */
export function categoriesOf({ objects }: Pick<MaskedClip, 'objects'>): Category[] {
  const names = new Set(objects.map(({ category }) => category));
  return Array.from(names, (name, at) => ({ id: at + 1, name }));
}

/** The number of each object's category, by the object's id. */
export function categoryNumbers(clip: Pick<MaskedClip, 'objects'>): ReadonlyMap<number, number> {
  const numbers = new Map(categoriesOf(clip).map(({ id, name }) => [name, id]));
  return new Map(clip.objects.map(({ id, category }) => [id, numbers.get(category) ?? 1]));
}
