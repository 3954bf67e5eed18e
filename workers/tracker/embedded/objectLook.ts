import type { Size } from '../../../src/core/geometry.ts';
import { positiveShare } from '../masks/grid.ts';
import { MASK_CELL, MASK_SIDE } from './decoder.ts';
import { CELL, DESCRIPTOR } from './features.ts';

/** The share of a mask, [256, 256] logits, in each cell of the frame. */
export function objectShare(logits: Float32Array, grid: Size): Float32Array {
  const onMaskGrid = { width: MASK_SIDE, height: MASK_SIDE, data: logits };
  return positiveShare(onMaskGrid, CELL / MASK_CELL, grid).data;
}

/** Sum of the object's descriptors less the mean, each weighted by its cell's share of the object. */
export function objectLook(descriptors: Float32Array, mean: Float32Array, label: Float32Array): Float32Array {
  const look = new Float32Array(DESCRIPTOR);
  for (let cell = 0; cell < label.length; cell++) {
    const share = label[cell] ?? 0;
    if (share === 0) continue;
    for (let channel = 0, at = cell * DESCRIPTOR; channel < DESCRIPTOR; channel++, at++) {
      const value = (descriptors[at] ?? 0) - (mean[channel] ?? 0);
      look[channel] = (look[channel] ?? 0) + share * value;
    }
  }
  return look;
}

/** The cosine between two vectors of one length; 0 where one of them is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const other = b[i] ?? 0;
    product += value * other;
    squaresA += value * value;
    squaresB += other * other;
  });
  return product / Math.max(Math.sqrt(squaresA * squaresB), 1e-12);
}
