import { expect, it } from 'vitest';
import { fillHoles } from './holes.ts';

/** # object, anything else background. */
function grid(...rows: string[]): Float32Array {
  return Float32Array.from(rows.join(''), (cell) => (cell === '#' ? 3 : -3));
}

it('fills small holes and leaves the rest', () => {
  const before = grid('......', '.####.', '.#.##.', '.##.#.', '.####.', '......');
  const after = fillHoles(before);
  expect(after[2 * 6 + 2]).toBeCloseTo(0.1);
  expect(after[3 * 6 + 3]).toBeCloseTo(0.1);
  expect(after.filter((logit) => logit > 0)).toHaveLength(16);
  expect(after[0]).toBe(-3);
});

it('leaves larger holes, bays and what touches the border', () => {
  const large = grid('#####', '#...#', '#...#', '#...#', '#####');
  expect(fillHoles(large)).toBe(large);
  const bay = grid('####', '#..#', '##.#', '##.#');
  expect(fillHoles(bay)).toBe(bay);
});
