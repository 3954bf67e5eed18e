import { expect, it } from 'vitest';
import type { TensorInfo } from './graph.ts';
import { checkSignature, float32, int32, type Signature } from './signature.ts';

const signature: Signature = {
  inputs: { input_points: float32(1, 1, 'Q', 2), input_labels: int32(1, 1, 'Q') },
  outputs: { iou: float32(1, 1) },
  optionalOutputs: { token_iou: float32(1, 4) },
};
const points: TensorInfo = { name: 'input_points', type: 'float32', dims: [1, 1, 'Q', 2] };
const labels: TensorInfo = { name: 'input_labels', type: 'int32', dims: [1, 1, 3] };
const iou: TensorInfo = { name: 'iou', type: 'float32', dims: [1, 1] };

const check = (inputs: TensorInfo[], outputs: TensorInfo[] = [iou]) =>
  checkSignature('SAM 2.1 tiny', 'mask_decoder', { inputs, outputs }, signature);

it('takes a graph that fits, and one that leaves dimensions open or gives more', () => {
  check([points, labels]);
  check([{ ...points, dims: ['b', 1, -1, 'two'] }, labels], [iou, { ...iou, name: 'more' }]);
});

it('names the graph and the tensor of one that does not', () => {
  const start = 'The graph “mask_decoder” does not fit the model “SAM 2.1 tiny”: ';
  expect(() => check([points])).toThrow(`${start}it has no input “input_labels”`);
  expect(() => check([points, { ...labels, type: 'int64' }])).toThrow(
    `${start}its input “input_labels” should be int32 [1, 1, Q], not int64 [1, 1, 3]`,
  );
  expect(() => check([{ ...points, dims: [1, 3, 2] }, labels])).toThrow(
    'float32 [1, 1, Q, 2], not float32 [1, 3, 2]',
  );
  expect(() => check([points, labels], [{ ...iou, dims: [1, 3] }])).toThrow('its output “iou” should be');
  expect(() => check([points, labels], [iou, { ...iou, name: 'token_iou' }])).toThrow(
    'its output “token_iou” should be float32 [1, 4], not float32 [1, 1]',
  );
  expect(() => check([points, labels, { ...iou, name: 'mask_input' }])).toThrow(
    'an input “mask_input” that is not known',
  );
});

it('holds a graph to what its description names', () => {
  const { inputs, outputs } = { inputs: [points, labels], outputs: [iou] };
  const described = { inputs: ['input_points', 'input_labels'], outputs: ['iou', 'stability'] };
  expect(() =>
    checkSignature('SAM 2.1 tiny', 'mask_decoder', { inputs, outputs }, signature, described),
  ).toThrow('it has no output “stability”');
});
