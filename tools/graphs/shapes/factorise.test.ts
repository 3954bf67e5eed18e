import { expect, it } from 'vitest';
import { noise } from '../testing/vectors.ts';
import { factorise } from './factorise.ts';

function product(left: Float32Array, right: Float32Array, terms: number): number[] {
  const columns = right.length / terms;
  return Array.from({ length: (left.length / terms) * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let sum = 0;
    for (let term = 0; term < terms; term++)
      sum += (left[row * terms + term] ?? 0) * (right[term * columns + column] ?? 0);
    return sum;
  });
}

const distance = (a: readonly number[], b: readonly number[]) =>
  Math.hypot(...a.map((value, i) => value - (b[i] ?? 0))) / Math.hypot(...b);

it('a matrix that is a product of two narrow ones is found again', () => {
  const matrix = product(noise(12 * 3), noise(3 * 9), 3);
  const of = { rows: 12, columns: 9 };
  const [left, right] = factorise(Float32Array.from(matrix), { ...of, terms: 3 });
  expect([left.length, right.length]).toEqual([36, 27]);
  expect(distance(product(left, right, 3), matrix)).toBeLessThan(1e-5);
  const [one, other] = factorise(Float32Array.from(matrix), { ...of, terms: 1 });
  const rest = distance(product(one, other, 1), matrix);
  expect(rest).toBeGreaterThan(0.05);
  expect(rest).toBeLessThan(0.9);
});
