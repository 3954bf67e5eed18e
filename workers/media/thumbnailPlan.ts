/** Frames evenly through a clip, the first and the last one among them. */
export function evenFrames(frameCount: number, count: number): number[] {
  const last = frameCount - 1;
  const frames = Array.from({ length: count }, (_, i) => Math.round((i * last) / Math.max(1, count - 1)));
  return [...new Set(frames)];
}

/**
 * The key frames nearest before `frames`, which a decoder reaches without decoding others; each once, in an order in which any
 * beginning of the list is spread over the whole clip.
 *
 * @param decodeStart gives the frame from which on one has to decode to get at a frame
 */
export function keyFramesFor(frames: readonly number[], decodeStart: (frame: number) => number): number[] {
  const keys = [...new Set(frames.map(decodeStart))];
  const ordered: number[] = [];
  const isTaken = new Set<number>();
  for (let step = 2 ** Math.ceil(Math.log2(Math.max(1, keys.length))); step >= 1; step /= 2)
    for (let i = 0; i < keys.length; i += step) {
      const key = keys[i];
      if (key === undefined || isTaken.has(key)) continue;
      isTaken.add(key);
      ordered.push(key);
    }
  return ordered;
}
