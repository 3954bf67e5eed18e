import { describe, expect, it } from 'vitest';
import { PLAIN_EDGE } from '../core/edges/edgeSettings.ts';
import { encodeRle, type MaskRle } from '../core/rle.ts';
import { shapedFrames } from './shapedClip.ts';

const SIZE = { width: 60, height: 40 };

/** A box, and single pixels beside it. */
function box(x0: number, x1: number, ...more: readonly (readonly [x: number, y: number])[]): MaskRle {
  const pixels = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 10; y < 30; y++) pixels.fill(1, y * SIZE.width + x0, y * SIZE.width + x1);
  for (const [x, y] of more) pixels[y * SIZE.width + x] = 1;
  return encodeRle(pixels, SIZE);
}

describe('masks that are written one after the other', () => {
  const bump = box(10, 30, [30, 15]);
  const edges = new Map([[1, { ...PLAIN_EDGE, steady: 4 }]]);
  async function* frames() {
    for (const [at, mask] of [box(10, 30), bump, box(10, 30), bump].entries())
      yield { at, masks: new Map([[1, { mask }]]) };
  }
  const shaped = async (numbers: readonly number[]) => {
    const found = [];
    for await (const { masks } of shapedFrames(frames(), edges, (at) => numbers[at]))
      found.push(masks.get(1)?.mask);
    return found;
  };

  it('are steadied by the frames before and after, but for the first and the last', async () => {
    expect(await shaped([4, 5, 6, 7])).toEqual([box(10, 30), box(10, 30), bump, bump]);
  });

  it('are not steadied where frames between are left out', async () => {
    expect(await shaped([0, 2, 4, 6])).toEqual([box(10, 30), bump, box(10, 30), bump]);
  });
});
