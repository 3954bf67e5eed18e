import { describe, expect, it } from 'vitest';
import { fillMask, type NearMask, type Warp } from './warp.ts';

const SIZE = { width: 8, height: 4 };
const WHOLE = { x0: 0, y0: 0, x1: 8, y1: 4 };
const count = SIZE.width * SIZE.height;

/** A warp that moves every pixel by so many to the right, and matches as `mismatch` says. */
function warpOf(right: number, mismatch: (x: number) => number = () => 0): Warp {
  const flow = { ...SIZE, right: new Float32Array(count).fill(right), down: new Float32Array(count) };
  return { flow, mismatch: Float32Array.from({ length: count }, (_, i) => mismatch(i % SIZE.width)) };
}

function columns(from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => Number(i % SIZE.width >= from && i % SIZE.width < to));
}

const near = (raster: Uint8Array, warp: Warp, distance = 1): NearMask => ({ raster, warp, distance });

describe('a mask between two others', () => {
  it('is where the flow leads into both', () => {
    const { raster, agreement } = fillMask(SIZE, WHOLE, [
      near(columns(1, 4), warpOf(-1)),
      near(columns(3, 6), warpOf(1)),
    ]);
    expect(raster).toEqual(columns(2, 5));
    expect(agreement).toBe(1);
  });

  it('is as the nearer one has it where they disagree', () => {
    const { raster, agreement } = fillMask(SIZE, WHOLE, [
      near(columns(0, 4), warpOf(0), 1),
      near(columns(0, 8), warpOf(0), 2),
    ]);
    expect(raster).toEqual(columns(0, 4));
    expect(agreement).toBe(0.5);
  });

  it('is as the one has it that shows the pixel, where the other hides it', () => {
    const { raster } = fillMask(SIZE, WHOLE, [
      near(
        columns(0, 4),
        warpOf(0, (x) => (x >= 4 ? 80 : 0)),
        1,
      ),
      near(columns(0, 8), warpOf(0), 2),
    ]);
    expect(raster).toEqual(columns(0, 8));
  });

  it('has nothing outside the part of the frame that was asked for', () => {
    const both: [NearMask, NearMask] = [near(columns(0, 8), warpOf(0)), near(columns(0, 8), warpOf(0))];
    expect(fillMask(SIZE, { ...WHOLE, x0: 3 }, both).raster).toEqual(columns(3, 8));
  });
});
