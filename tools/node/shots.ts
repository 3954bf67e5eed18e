import { throwIfAborted } from '../../src/core/errors.ts';
import type { FrameSource, RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import { ShotFinder, shotSize } from '../../workers/media/shotFinder.ts';

/** First frames of new shots in a clip, in rising order. Decodes all of it once. */
export async function findShots(source: FrameSource, signal?: AbortSignal): Promise<number[]> {
  const finder = new ShotFinder();
  const size = shotSize(source.info);
  const shots: (number | undefined)[] = [];
  for await (const frame of source.frames(0, source.info.frameCount - 1, signal)) {
    throwIfAborted(signal);
    shots.push(finder.add(shrink(await frame.pixels(), size)));
    frame.close();
  }
  shots.push(finder.finish());
  return shots.filter((shot) => shot !== undefined);
}

/** A smaller picture: each pixel is the mean of those that it stands for. */
function shrink({ data, width, height }: RgbaImage, size: Size): RgbaImage {
  const sums = new Float64Array(size.width * size.height * 4);
  const counts = new Uint32Array(size.width * size.height);
  for (let y = 0, from = 0; y < height; y++) {
    const row = Math.floor((y * size.height) / height) * size.width;
    for (let x = 0; x < width; x++, from += 4) {
      const to = row + Math.floor((x * size.width) / width);
      counts[to] = (counts[to] ?? 0) + 1;
      for (let channel = 0; channel < 4; channel++) {
        const at = to * 4 + channel;
        sums[at] = (sums[at] ?? 0) + (data[from + channel] ?? 0);
      }
    }
  }
  return {
    ...size,
    data: Uint8ClampedArray.from(sums, (sum, at) => sum / Math.max(1, counts[at >> 2] ?? 0)),
  };
}
