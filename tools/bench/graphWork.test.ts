import { expect, it } from 'vitest';
import { elements } from '../../workers/models/graph.ts';
import { writeOnnx } from '../../workers/models/onnxFile.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { OnnxModel, TYPE } from '../graphs/onnxModel.ts';
import { graphWork } from './graphWork.ts';

const runtime = createNodeRuntime({ threads: 1 });

/** A graph of one operator with a constant second factor of these dimensions. */
function withWeights(op: string, x: number[], weights: number[], attributes = {}): Uint8Array {
  const model = OnnxModel.read(
    writeOnnx({
      name: 'one',
      inputs: [{ name: 'x', dims: x }],
      nodes: [{ op, inputs: ['x', 'w'], outputs: ['y'], attributes }],
      outputs: [{ name: 'y' }],
    }),
  );
  const raw = new Uint8Array(4 * elements(weights));
  model.initializers.set('w', { name: 'w', type: TYPE.float, dims: weights, raw });
  return model.write();
}

it.each([
  // 8×3 times 3×5: 8·5 sums of 3 products.
  { op: 'MatMul', x: [8, 3], weights: [3, 5], flops: 2 * 8 * 5 * 3, values: 8 * 3 + 8 * 5 },
  { op: 'Gemm', x: [8, 3], weights: [3, 5], flops: 2 * 8 * 5 * 3, values: 8 * 3 + 8 * 5 },
  { op: 'Gemm', x: [8, 3], weights: [5, 3], transB: 1, flops: 2 * 8 * 5 * 3, values: 8 * 3 + 8 * 5 },
  // 4 pixels of 6 channels, each the sum of 2 channels by 3×3 pixels.
  { op: 'Conv', x: [1, 2, 4, 4], weights: [6, 2, 3, 3], flops: 2 * 24 * 18, values: 32 + 24 },
  // The same with a group for each channel: one channel by 3×3.
  { op: 'Conv', x: [1, 6, 4, 4], weights: [6, 1, 3, 3], group: 6, flops: 2 * 24 * 9, values: 96 + 24 },
  // Each of 2·16 values goes to 6 channels by 2×2 pixels.
  { op: 'ConvTranspose', x: [1, 2, 4, 4], weights: [2, 6, 2, 2], flops: 2 * 32 * 24, values: 32 + 6 * 25 },
])('counts $op of $x and $weights', async ({ op, x, weights, flops, values, transB, group }) => {
  const attributes = { ...(transB && { transB }), ...(group && { group }) };
  expect(await graphWork(runtime, withWeights(op, x, weights, attributes))).toEqual({
    weightBytes: 4 * elements(weights),
    activationBytes: 4 * values,
    flops,
  });
});
