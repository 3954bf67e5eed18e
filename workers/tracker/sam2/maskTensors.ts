import { tensor, type Tensor } from '../../models/graph.ts';
import type { Grid } from '../masks/grid.ts';

/** A grid as a tensor of one mask: [1, 1, height, width]. */
export function maskTensor({ width, height, data }: Grid): Tensor {
  return tensor(data, [1, 1, height, width]);
}

/** One mask's tensor as a grid; its last two dims are height and width. */
export function gridOf({ data, dims }: Tensor): Grid {
  const [height = 0, width = 0] = dims.slice(-2);
  return { width, height, data };
}

/** A value as a tensor: [1, 1]. */
export function scalar(value: number): Tensor {
  return tensor(Float32Array.of(value), [1, 1]);
}
