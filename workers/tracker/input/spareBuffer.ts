/**
 * Numbers that are needed for a while, again and again: in the buffer of the time before, which has its pages already and leaves
 * the garbage collector nothing to do. While that is in use there is another one.
 */
export class SpareBuffer {
  #spare: Float32Array | undefined;

  /** Gives `work` so many numbers, whatever their values, until it ends. */
  async use<Result>(length: number, work: (numbers: Float32Array) => Promise<Result>): Promise<Result> {
    const buffer = this.#spare && this.#spare.length >= length ? this.#spare : new Float32Array(length);
    this.#spare = undefined;
    try {
      return await work(buffer.subarray(0, length));
    } finally {
      this.#spare = buffer;
    }
  }
}
