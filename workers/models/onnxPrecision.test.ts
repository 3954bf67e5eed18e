import { expect, it } from 'vitest';
import { writeOnnx } from './onnxFile.ts';
import { computesInHalf } from './onnxPrecision.ts';
import { bytes, integer, message, readFields, writeFields } from './protobuf.ts';

const FLOAT = 1;
const HALF = 10;

/** A graph whose weights take so many bytes, in full and in half precision. */
function graphWith(weights: readonly (readonly [type: number, size: number])[]): Uint8Array {
  const initializers = weights.map(([type, size]) =>
    message(5, [integer(1, size), integer(2, type), bytes(9, new Uint8Array(size))]),
  );
  const empty = writeOnnx({ name: 'weights', inputs: [], nodes: [], outputs: [] });
  return writeFields([...readFields(empty), message(7, initializers)]);
}

it('tells half precision by what most of the weights are kept in', () => {
  expect(computesInHalf(graphWith([[FLOAT, 400]]))).toBe(false);
  expect(
    computesInHalf(
      graphWith([
        [FLOAT, 40],
        [HALF, 400],
      ]),
    ),
  ).toBe(true);
  expect(
    computesInHalf(
      graphWith([
        [FLOAT, 400],
        [HALF, 40],
      ]),
    ),
  ).toBe(false);
  expect(computesInHalf(graphWith([]))).toBe(false);
});

it('takes what is no ONNX file for full precision', () => {
  expect(computesInHalf(new TextEncoder().encode('not a model'))).toBe(false);
});
