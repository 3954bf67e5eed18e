import { layersOf } from '../run/layers.ts';
import type { AreApart } from '../videoModel.ts';
import { comparedMemories } from './memory.ts';
import type { Target } from './targetState.ts';
import type { Expected } from './tracking.ts';

/**
 * What a frame is expected to show: each target that the frame before showed. What it will leave of the frame can then be made before
 * anybody knows whether it is there.
 *
 * @param areApart whether the masks of two objects are kept apart; by indices
 */
export function expectedOn(targets: readonly Target[], areApart: AreApart): Expected[][] {
  const objects = targets.flatMap(({ role }, i) => (role === 'object' ? [i] : []));
  const layers = layersOf(objects, (a, b) => !areApart(a, b));
  const others = targets.flatMap(({ role }, i) => (role === 'distractor' ? [[i]] : []));
  return [...layers, ...others]
    .map((together) => together.flatMap((search) => expected(targets[search], search)))
    .filter((together) => together.length > 0);
}

function expected(target: Target | undefined, search: number): Expected[] {
  if (!target || target.state.lost) return [];
  return [{ search, earlierLooks: comparedMemories(target.memories).map(({ memory }) => memory.look) }];
}

/**
 * The objects of a frame that does not show what was expected: each that is kept apart from one that is unexpectedly there, or not there,
 * leaves something else of the frame than was made beforehand. By indices.
 *
 * @param present whether each of the objects is there
 */
export function unexpected(
  targets: readonly Target[],
  present: readonly boolean[],
  areApart: AreApart,
): number[] {
  const objects = [...present.keys()];
  const surprises = objects.filter((i) => present[i] === targets[i]?.state.lost);
  return objects.filter((i) => surprises.some((other) => other === i || areApart(i, other)));
}
