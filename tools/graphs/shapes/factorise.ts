/** Steps after which a direction no longer changes. */
const STEPS = 100;

/**
 * The best product of [rows, terms] and [terms, columns] for a matrix, found term by term by power iteration. The same matrix gives the same
 * numbers everywhere.
 *
 * @returns both factors, row-major; the rows of the second have length 1
 */
export function factorise(
  matrix: Float32Array,
  { rows, columns, terms }: { rows: number; columns: number; terms: number },
): readonly [Float32Array, Float32Array] {
  const rest = Float64Array.from(matrix);
  const left = new Float32Array(rows * terms);
  const right = new Float32Array(terms * columns);
  for (let term = 0; term < terms; term++) {
    let along = Float64Array.from({ length: columns }, (_, column) => (column === term % columns ? 1 : 1e-3));
    let down = new Float64Array(rows);
    for (let step = 0; step < STEPS; step++) {
      along = unit(along);
      down = down.map((_, row) => dot(rest, row * columns, 1, along));
      along = along.map((_, column) => dot(rest, column, columns, down));
    }
    along = unit(along);
    down = down.map((_, row) => dot(rest, row * columns, 1, along));
    right.set(along, term * columns);
    for (let row = 0; row < rows; row++) {
      const factor = down[row] ?? 0;
      left[row * terms + term] = factor;
      for (let column = 0; column < columns; column++)
        rest[row * columns + column] = (rest[row * columns + column] ?? 0) - factor * (along[column] ?? 0);
    }
  }
  return [left, right];
}

/** The product of a vector with every `stride`th number from `start` on. */
function dot(numbers: Float64Array, start: number, stride: number, vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (numbers[start + i * stride] ?? 0) * (vector[i] ?? 0);
  return sum;
}

function unit(vector: Float64Array): Float64Array<ArrayBuffer> {
  const length = Math.max(Math.sqrt(dot(vector, 0, 1, vector)), 1e-30);
  return vector.map((value) => value / length);
}
