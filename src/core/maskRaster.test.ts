import { describe, expect, it } from 'vitest';
import { MaskRaster, type MaskStyle } from './maskRaster.ts';
import { encodeRle } from './rle.ts';

const RED: MaskStyle = { color: [255, 0, 0], fill: 0.4, hatched: false };
const BLUE: MaskStyle = { color: [0, 0, 255], fill: 0.4, hatched: false };
const THIN = { outline: 1, hatchPeriod: 4 };

function rectangle(width: number, height: number, x0: number, y0: number, x1: number, y1: number) {
  const mask = new Uint8Array(width * height);
  for (let y = y0; y < y1; y++) mask.fill(1, y * width + x0, y * width + x1);
  return encodeRle(mask, { width, height });
}

function pixel({ pixels, width }: MaskRaster, x: number, y: number): number[] {
  const at = (y * width + x) * 4;
  return Array.from(pixels.subarray(at, at + 4));
}

describe('MaskRaster', () => {
  it('fills the mask softly, outlines it, and leaves the rest clear', () => {
    const raster = new MaskRaster({ width: 8, height: 6 });
    raster.paint(rectangle(8, 6, 2, 1, 7, 5), RED, THIN);
    expect(pixel(raster, 4, 3)).toEqual([255, 0, 0, 102]);
    expect(pixel(raster, 2, 3)).toEqual([255, 0, 0, 255]);
    expect(pixel(raster, 4, 4)).toEqual([255, 0, 0, 255]);
    expect(pixel(raster, 1, 3)).toEqual([0, 0, 0, 0]);
  });

  it('draws no outline along the frame’s border', () => {
    const raster = new MaskRaster({ width: 4, height: 4 });
    raster.paint(rectangle(4, 4, 0, 0, 4, 4), RED, THIN);
    expect(pixel(raster, 0, 0)).toEqual([255, 0, 0, 102]);
    expect(pixel(raster, 3, 3)).toEqual([255, 0, 0, 102]);
  });

  it.each([2, 0.5])('scales a mask by %d without a gap', (scale) => {
    const mask = rectangle(16, 8, 4, 2, 12, 6);
    const raster = new MaskRaster({ width: 16 * scale, height: 8 * scale });
    raster.paint(mask, RED, THIN);
    let covered = 0;
    for (let at = 3; at < raster.pixels.length; at += 4) if (raster.pixels[at] !== 0) covered++;
    expect(covered).toBe(8 * 4 * scale * scale);
    expect(pixel(raster, 4 * scale, 2 * scale)[3]).toBe(255);
  });

  it('shows a part of the mask, larger', () => {
    const raster = new MaskRaster({ width: 8, height: 8 });
    const part = { x: 0.5, y: 0.25, width: 0.5, height: 0.5 };
    raster.paint(rectangle(8, 8, 5, 3, 7, 5), RED, THIN, part);
    const covered = Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 8 }, (_, x) => (pixel(raster, x, y)[3] === 0 ? '.' : '#')).join(''),
    );
    expect(covered).toEqual([
      ...['........', '........', '..####..', '..####..', '..####..', '..####..', '........', '........'],
    ]);
  });

  it('lets the later mask win', () => {
    const raster = new MaskRaster({ width: 6, height: 6 });
    raster.paint(rectangle(6, 6, 0, 0, 6, 6), RED, THIN);
    raster.paint(rectangle(6, 6, 0, 0, 6, 6), BLUE, THIN);
    expect(pixel(raster, 3, 3)).toEqual([0, 0, 255, 102]);
  });

  it('hatches a mask that is not to be trusted', () => {
    const raster = new MaskRaster({ width: 12, height: 12 });
    raster.paint(rectangle(12, 12, 0, 0, 12, 12), { ...RED, hatched: true }, THIN);
    const alphas = new Set(Array.from({ length: 8 }, (_, x) => pixel(raster, x + 2, 6)[3]));
    expect(alphas.size).toBe(2);
  });

  it('is empty again when cleared, also for the next mask', () => {
    const raster = new MaskRaster({ width: 6, height: 6 });
    raster.paint(rectangle(6, 6, 0, 0, 6, 6), RED, THIN);
    raster.clear();
    raster.paint(rectangle(6, 6, 4, 4, 6, 6), RED, THIN);
    expect(pixel(raster, 1, 1)).toEqual([0, 0, 0, 0]);
  });
});
