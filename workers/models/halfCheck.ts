import { elements, tensor, type GraphRuntime, type Tensor } from './graph.ts';
import { noiseOf } from './noise.ts';
import { writeOnnx, type OnnxNode } from './onnxFile.ts';

/** Rows, what each is long, and how many numbers it becomes; channels and side of a picture. */
const [ROWS, LENGTH, WIDTH, CHANNELS, SIDE] = [12, 64, 32, 16, 12];
/** TensorProto.DataType. */
const [FLOAT, HALF] = [1, 10];
/** Length of the difference by length of what is expected: rounding alone makes it .0005. */
const MOST_ERROR = 0.01;

const cast = (from: string, to: string, type: number): OnnxNode => ({
  ...{ op: 'Cast', inputs: [from], outputs: [to], attributes: { to: type } },
});
const INPUTS = [
  { name: 'rows', dims: [ROWS, LENGTH] },
  { name: 'weights', dims: [LENGTH, WIDTH] },
  { name: 'offset', dims: [WIDTH] },
  { name: 'picture', dims: [1, CHANNELS, SIDE, SIDE] },
  { name: 'kernel', dims: [CHANNELS, CHANNELS, 3, 3] },
] as const;

/** What the encoders consist of, in half precision: a product with an offset, and a convolution. */
const LAYER = writeOnnx({
  name: 'half-check',
  inputs: INPUTS,
  nodes: [
    ...INPUTS.map(({ name }) => cast(name, `${name}_half`, HALF)),
    { op: 'MatMul', inputs: ['rows_half', 'weights_half'], outputs: ['product'] },
    { op: 'Add', inputs: ['product', 'offset_half'], outputs: ['sum'] },
    {
      op: 'Conv',
      inputs: ['picture_half', 'kernel_half'],
      outputs: ['filtered'],
      attributes: { pads: [1, 1, 1, 1] },
    },
    cast('sum', 'dense', FLOAT),
    cast('filtered', 'convolved', FLOAT),
  ],
  outputs: [
    { name: 'dense', dims: [ROWS, WIDTH] },
    { name: 'convolved', dims: [1, CHANNELS, SIDE, SIDE] },
  ],
});

let checked: Promise<boolean> | undefined;

/**
 * Whether a GPU that offers half precision computes in it as it should: some shader compilers do not. It is tried once; where
 * nothing starts on the GPU, it does not.
 *
 * @param start starts a runtime on the GPU, to be disposed
 */
export function computesHalf(start: () => Promise<GraphRuntime>): Promise<boolean> {
  return (checked ??= tryHalf(start).catch((cause: unknown) => {
    console.warn('Half precision cannot be tried on this GPU.', cause);
    return false;
  }));
}

async function tryHalf(start: () => Promise<GraphRuntime>): Promise<boolean> {
  const runtime = await start();
  try {
    return await isHalfRight(runtime);
  } finally {
    runtime.dispose();
  }
}

/** Whether one layer in half precision comes out right. */
export async function isHalfRight(runtime: GraphRuntime): Promise<boolean> {
  const given = Object.fromEntries(
    INPUTS.map(({ name, dims }, i) => [name, tensor(noiseOf(elements(dims), i + 1), dims)]),
  );
  try {
    const session = await runtime.load('half-precision check', LAYER);
    try {
      const { dense, convolved } = await session.run(given, ['dense', 'convolved']);
      return (
        relativeError(dense.data, denseOf(given)) < MOST_ERROR &&
        relativeError(convolved.data, convolvedOf(given)) < MOST_ERROR
      );
    } finally {
      await session.dispose();
    }
  } catch (cause) {
    console.warn('Half precision fails on this GPU.', cause);
    return false;
  }
}

type Given = Readonly<Record<string, Tensor>>;

function denseOf(given: Given): Float32Array {
  const at = reader(given);
  return Float32Array.from({ length: ROWS * WIDTH }, (_, i) => {
    const [row, column] = [Math.floor(i / WIDTH), i % WIDTH];
    let sum = at('offset', column);
    for (let k = 0; k < LENGTH; k++) sum += at('rows', row * LENGTH + k) * at('weights', k * WIDTH + column);
    return sum;
  });
}

function convolvedOf(given: Given): Float32Array {
  const at = reader(given);
  return Float32Array.from({ length: CHANNELS * SIDE ** 2 }, (_, i) => {
    const [to, y, x] = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE];
    let sum = 0;
    for (let from = 0; from < CHANNELS; from++) {
      for (let cell = 0; cell < 9; cell++) {
        const [row, column] = [y + Math.floor(cell / 3) - 1, x + (cell % 3) - 1];
        if (row < 0 || column < 0 || row >= SIDE || column >= SIDE) continue;
        sum +=
          at('picture', (from * SIDE + row) * SIDE + column) *
          at('kernel', (to * CHANNELS + from) * 9 + cell);
      }
    }
    return sum;
  });
}

function reader(given: Given): (name: (typeof INPUTS)[number]['name'], index: number) => number {
  return (name, index) => given[name]?.data[index] ?? NaN;
}

/** NaN where a value is none. */
function relativeError(found: Float32Array, expected: Float32Array): number {
  let [difference, length] = [0, 0];
  expected.forEach((value, i) => {
    difference += (value - (found[i] ?? NaN)) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(difference / length);
}
