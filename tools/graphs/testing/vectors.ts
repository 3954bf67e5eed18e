import type { Tensor } from '../../../workers/models/graph.ts';

/** Repeatable values between −1 and 1. */
export function noise(length: number): Float32Array<ArrayBuffer> {
  let state = 7;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 2 ** 30 - 1;
  });
}

/** |a − b| / |a|, as vectors. */
export function relativeError(a: Tensor, b: Tensor): number {
  const square = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt(square(a.data.map((value, i) => value - (b.data[i] ?? 0))) / square(a.data));
}
