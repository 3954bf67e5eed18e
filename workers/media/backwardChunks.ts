/** A run of frames decoded forward in one go, both ends included. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits the way back from frame `first` to frame `last` (`last` ≤ `first`) into chunks of at most `maxFrames` frames,
 * in the order in which they are needed. A decoder only runs forward, from a key frame; a chunk begins at one where that
 * is possible, so that no frame is decoded twice. Where one key frame serves more than `maxFrames` frames, each of its
 * chunks decodes from there again: time is paid to keep memory bounded.
 *
 * @param groupStart for each frame the first one that is decoded from the same key frame.
 */
export function* backwardChunks(
  first: number,
  last: number,
  maxFrames: number,
  groupStart: ArrayLike<number>,
): Generator<Chunk, void, undefined> {
  for (let end = first; end >= last;) {
    let start = Math.max(last, end - Math.max(1, maxFrames) + 1);
    if (start > last && groupStart[start] !== start) {
      let next = start + 1;
      while (next <= end && groupStart[next] !== next) next++;
      if (next <= end) start = next;
    }
    yield { start, end };
    end = start - 1;
  }
}
