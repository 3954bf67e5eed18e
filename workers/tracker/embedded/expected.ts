import { layersOf } from '../run/layers.ts';
import type { AreApart } from '../videoModel.ts';
import { comparedMemories } from './memory.ts';
import type { PlannedSearch } from './search.ts';
import type { Followed, Target } from './targetState.ts';
import type { Expected } from './tracking.ts';

/**
 * What a frame is expected to show: each target that the frame before showed. What it will leave of the frame can then be made before
 * anybody knows whether it is there.
 *
 * @param distractors the searches for the objects' distractors
 * @param areApart whether the masks of two objects are kept apart; by indices
 */
export function expectedOn(
  objects: readonly Followed[],
  { distractors }: Pick<PlannedSearch, 'distractors'>,
  areApart: AreApart,
): Expected[][] {
  const layers = layersOf([...objects.keys()], (a, b) => !areApart(a, b));
  return [
    ...layers.map((layer) => layer.flatMap((i) => expected(objects[i]?.object, i))),
    ...objects.map(({ distractor }, i) => expected(distractor, distractors[i])),
  ].filter((together) => together.length > 0);
}

function expected(target: Target | undefined, search: number | undefined): Expected[] {
  if (!target || target.state.lost || search === undefined) return [];
  return [{ search, earlierLooks: comparedMemories(target.memories).map(({ memory }) => memory.look) }];
}

/**
 * The objects of a frame that does not show what was expected: each that is kept apart from one that is unexpectedly there, or not there,
 * leaves something else of the frame than was made beforehand. By indices.
 *
 * @param present whether each is there
 */
export function unexpected(
  objects: readonly Followed[],
  present: readonly boolean[],
  areApart: AreApart,
): number[] {
  const surprises = objects.flatMap(({ object }, i) => (present[i] === object.state.lost ? [i] : []));
  return [...objects.keys()].filter((i) => surprises.some((other) => other === i || areApart(i, other)));
}
