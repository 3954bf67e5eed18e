import type { PointPrompt } from '../../../src/core/prompts.ts';
import { decodeRle, encodeRle, type MaskRle } from '../../../src/core/rle.ts';

/** What a pixel becomes in the mask that is asked for; 0 where both masks agree. */
const ADDED = 1;
const TAKEN = 2;

/**
 * A mask that changes into another one only where clicks ask for it: of the 8-connected parts by which the two masks differ, those
 * that are added under a click that adds, and those that are taken away under one that takes away. All else stays as it was, to the
 * pixel.
 *
 * @param after of the same size
 */
export function changeWhereClicked(before: MaskRle, after: MaskRle, clicks: readonly PointPrompt[]): MaskRle {
  const { width, height } = before;
  const mask = decodeRle(before);
  const change = decodeRle(after);
  for (let at = 0; at < change.length; at++)
    change[at] = change[at] === mask[at] ? 0 : change[at] === 0 ? TAKEN : ADDED;
  const pending: number[] = [];
  const visit = (x: number, y: number, wanted: number) => {
    const at = y * width + x;
    if (x < 0 || y < 0 || x >= width || y >= height || change[at] !== wanted) return;
    change[at] = 0;
    mask[at] = wanted === ADDED ? 1 : 0;
    pending.push(at);
  };
  for (const { x, y, label } of clicks) {
    const wanted = label === 1 ? ADDED : TAKEN;
    visit(Math.floor(x), Math.floor(y), wanted);
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const [column, row] = [at % width, Math.floor(at / width)];
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) visit(column + dx, row + dy, wanted);
    }
  }
  return encodeRle(mask, before);
}
