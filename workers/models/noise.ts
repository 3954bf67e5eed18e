/** So many numbers from −1 to 1, the same ones every time for a seed: what a graph is tried with. */
export function noiseOf(length: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) / 2 ** 22 - 1;
  });
}
