import type { ModelBox, ModelPoint } from '../../../src/core/geometry.ts';
import { tensor, type Tensor } from '../../models/graph.ts';
import type { Grid } from '../masks/grid.ts';
import type { Sam2Constants } from './constants.ts';

/** 1 adds, 0 takes away, 2 and 3 are a box's top left and bottom right corner. */
export type TokenLabel = 0 | 1 | 2 | 3;

export interface LabelledPoint extends ModelPoint {
  readonly label: TokenLabel;
}

/** A box as the decoder takes it. */
export function boxCorners({ x0, y0, x1, y1 }: ModelBox): LabelledPoint[] {
  return [
    { x: x0, y: y0, label: 2 },
    { x: x1, y: y1, label: 3 },
  ];
}

/**
 * [1, points + 1, C]: points as prompt tokens, and the empty one that the reference appends. Computed here and not in a graph:
 * a GPU's sine and cosine would change the masks (`sam2-memory.md`, section 3).
 *
 * @param points in model pixels; a box's corners first
 */
export function pointTokens(
  points: readonly LabelledPoint[],
  { pointGaussian, pointLabels, notAPoint }: Sam2Constants,
  imageSize: number,
): Tensor {
  const channels = notAPoint.length;
  const half = channels / 2;
  const tokens = new Float32Array((points.length + 1) * channels);
  points.forEach(({ x, y, label }, token) => {
    const across = (2 * (x + 0.5)) / imageSize - 1;
    const down = (2 * (y + 0.5)) / imageSize - 1;
    for (let i = 0; i < half; i++) {
      const turns = across * (pointGaussian[i] ?? 0) + down * (pointGaussian[half + i] ?? 0);
      const at = token * channels + i;
      tokens[at] = Math.sin(2 * Math.PI * turns) + (pointLabels[label * channels + i] ?? 0);
      tokens[at + half] = Math.cos(2 * Math.PI * turns) + (pointLabels[label * channels + half + i] ?? 0);
    }
  });
  tokens.set(notAPoint, points.length * channels);
  return tensor(tokens, [1, points.length + 1, channels]);
}

/** [1, 2, C]: the tokens of a frame without prompts. */
export function emptyTokens({ notAPoint }: Sam2Constants): Tensor {
  return tensor(Float32Array.of(...notAPoint, ...notAPoint), [1, 2, notAPoint.length]);
}

/**
 * A mask prompt as the decoder takes it: 4×4 blocks, each to one weighted sum.
 *
 * @param mask 0 or 1, S×S
 */
export function maskPrompt(mask: Grid, { maskPromptWeight, maskPromptBias }: Sam2Constants): Grid {
  const side = mask.width / 4;
  const data = new Float32Array(side * side).fill(maskPromptBias[0] ?? 0);
  mask.data.forEach((inside, i) => {
    if (inside === 0) return;
    const x = i % mask.width;
    const y = Math.floor(i / mask.width);
    const cell = (y >> 2) * side + (x >> 2);
    data[cell] = (data[cell] ?? 0) + inside * (maskPromptWeight[(y & 3) * 4 + (x & 3)] ?? 0);
  });
  return { width: side, height: side, data };
}
