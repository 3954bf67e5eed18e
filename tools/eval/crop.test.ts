import { describe, expect, it } from 'vitest';
import { decodeRle } from '../../src/core/rle.ts';
import { maskWhere, PaintedClip } from '../../workers/tracker/testing/paintedClip.ts';
import { UsageError } from '../node/usage.ts';
import type { EvalClip } from './clips.ts';
import { cropClip } from './crop.ts';

const SIZE = { width: 16, height: 9 };

/** Each pixel's colour says where it is; the object is two pixels, at `x` and to its right. */
function clipAt(...columns: readonly number[]): EvalClip {
  const source = new PaintedClip(SIZE, columns.length, () => ({
    ...SIZE,
    data: Uint8ClampedArray.from({ length: 16 * 9 * 4 }, (_, i) => Math.floor(i / 4)),
  }));
  const truth = columns.map((at) => maskWhere(SIZE, (x, y) => (x === at || x === at + 1) && y === 4));
  return { name: 'painted', content: 'a', source, truth, first: truth[0]! };
}

const firstPixels = async (clip: EvalClip) => {
  const frame = await clip.source.frame(0);
  return frame.pixels();
};

describe('a clip that is cut to another shape', () => {
  it('keeps the part round the object, and the truth with it', async () => {
    const portrait = cropClip(clipAt(7, 9, 13), { width: 9, height: 16 });
    const { width, height, data } = await firstPixels(portrait);
    expect({ width, height }).toEqual({ width: 5, height: 9 });
    expect(portrait.source.info).toMatchObject({ width: 5, height: 9, frameCount: 3 });
    // Columns 6 to 10 of each row.
    expect([...data.filter((_, i) => i % 4 === 0)].slice(0, 6)).toEqual([6, 7, 8, 9, 10, 22]);
    expect(portrait.truth.map((mask) => [...decodeRle(mask).subarray(20, 25)])).toEqual([
      [0, 1, 1, 0, 0],
      [0, 0, 0, 1, 1],
      [0, 0, 0, 0, 0],
    ]);
  });

  it.each([
    ['the left', 0, 0],
    ['the right', 14, 4],
  ])('stays within frames where the object is at %s', async (_, at, left) => {
    const wide = cropClip(clipAt(at), { width: 4, height: 3 });
    const { width, height, data } = await firstPixels(wide);
    expect({ width, height, left: data[0] }).toEqual({ width: 12, height: 9, left });
  });

  it('is another clip, and is refused where the object is cut off', () => {
    const clip = clipAt(7);
    const cropped = cropClip(clip, { width: 1, height: 1 });
    expect([cropped.name, cropped.content]).not.toContain(clip.name);
    expect(cropped.content).not.toBe(clip.content);
    const nothing = { ...clip, truth: [maskWhere(SIZE, () => false)] };
    expect(() => cropClip(nothing, { width: 1, height: 1 })).toThrow(UsageError);
  });
});
