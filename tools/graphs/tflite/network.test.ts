import { describe, expect, it } from 'vitest';
import { elements, tensor } from '../../../workers/models/graph.ts';
import { isTflite } from '../../../workers/models/liteRt.ts';
import { createLiteRtNodeRuntime } from '../../../workers/models/testing/liteRtNode.ts';
import { toHalfBits } from '../half.ts';
import { Network, type Numbers, type Weights } from './network.ts';
import { writeTflite } from './tfliteFile.ts';

const runtime = await createLiteRtNodeRuntime();

const numbers = (dims: readonly number[], value: (index: number) => number): Numbers => ({
  dims,
  values: Float32Array.from({ length: elements(dims) }, (_, index) => value(index)),
});

/** y = x · weights + bias: [1, 2, 3] → [1, 2, 2]. */
function smallNetwork(weights: Weights): Uint8Array<ArrayBuffer> {
  const network = new Network(weights);
  const x = network.input('x', [1, 2, 3]);
  const matrix = numbers([2, 3], (index) => index + 1 / 3);
  network.output(
    'y',
    network.linear(
      x,
      matrix,
      numbers([2], () => 1),
    ),
  );
  return network.write();
}

async function run(file: Uint8Array, x: Numbers): Promise<Record<string, readonly number[]>> {
  const session = await runtime.load('graph', file);
  const names = session.outputs.map(({ name }) => name);
  const found = await session.run({ x: tensor(x.values, x.dims) }, names);
  await session.dispose();
  return Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, Array.from(data)]));
}

describe('a network for LiteRT', () => {
  it('computes with its constants as they are, and with rounded ones', async () => {
    const x = numbers([1, 2, 3], (index) => index);
    const byHand = [0, 1].flatMap((row) =>
      [0, 1].map((column) => [0, 1, 2].reduce((sum, i) => sum + (row * 3 + i) * (column * 3 + i + 1 / 3), 1)),
    );
    const { y } = await run(smallNetwork('float32'), x);
    expect(y).toHaveLength(4);
    y!.forEach((value, i) => expect(value).toBeCloseTo(byHand[i]!, 4));
    const { y: rounded } = await run(smallNetwork('float16'), x);
    rounded!.forEach((value, i) => expect(value / byHand[i]!).toBeCloseTo(1, 3));
    expect(rounded).not.toEqual(y);
  });

  it('pads where ONNX does before a convolution with a stride', async () => {
    const network = new Network('float32');
    const kernel = numbers([1, 3, 3, 1], () => 1);
    const none = numbers([1], () => 0);
    const x = network.input('x', [1, 4, 4, 1]);
    network.output('whole', network.convolution(x, kernel, none));
    network.output('half', network.convolution(x, kernel, none, { stride: 2 }));
    const { whole, half } = await run(
      network.write(),
      numbers([1, 4, 4, 1], () => 1),
    );
    // How many cells of the kernel lie on the picture.
    expect(whole).toEqual([4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4]);
    expect(half).toEqual([4, 6, 6, 9]);
  });

  it.each([
    [1, [4, 6, 6, 4, 8, 12, 12, 8]],
    [2, [4, 8, 6, 12, 6, 12, 4, 8]],
  ] as const)('convolves with a last line in the place of zeros, along axis %d', async (axis, expected) => {
    const network = new Network('float32');
    const shape = axis === 1 ? [1, 2, 4, 1] : [1, 4, 2, 1];
    const x = network.input('x', shape);
    const none = numbers([1], () => 0);
    const twos = network.linear(
      numbers(shape.with(axis, 1), () => 1),
      numbers([1, 1], () => 2),
      none,
    );
    const kernel = numbers([1, 3, 3, 1], () => 1);
    const joined = network.join(x, twos, axis);
    network.output(
      'y',
      network.convolution(
        joined,
        kernel,
        numbers([1], () => 0),
        { bordered: axis },
      ),
    );
    const { y } = await run(
      network.write(),
      numbers(shape, () => 1),
    );
    expect(y).toEqual(expected);
  });

  it('has what other networks have too at the end', () => {
    const [file, other] = [1, 2].map((rows) => {
      const network = new Network('float16');
      const x = network.input('x', [1, rows, 3]);
      const own = { ...numbers([3], () => rows), isOfShape: true };
      const bias = numbers([2], () => 1);
      network.output(
        'y',
        network.linear(
          network.add(x, own),
          numbers([2, 3], (index) => index + 5),
          bias,
        ),
      );
      return network.write();
    }) as [Uint8Array, Uint8Array];
    const shared = [5, 6, 7, 8, 9, 10, 1, 1].map(toHalfBits);
    const tails = [file, other].map((each) => each.subarray(-64));
    expect(tails[0]).toEqual(tails[1]);
    const halves = new Uint16Array(Uint8Array.from(tails[0]!).buffer);
    for (const bits of shared) expect(halves).toContain(bits);
    expect(file).not.toEqual(other);
  });

  it('has the same bytes each time', () => {
    expect(smallNetwork('float16')).toEqual(smallNetwork('float16'));
  });
});

describe('LiteRT', () => {
  it('knows its files', () => {
    expect(isTflite(smallNetwork('float32'))).toBe(true);
    expect(isTflite(Uint8Array.of(8, 7))).toBe(false);
    expect(isTflite(new TextEncoder().encode('pytorch 2.1 and more'))).toBe(false);
  });

  it('refuses a file that breaks off, and goes on', async () => {
    const file = smallNetwork('float32');
    await expect(runtime.load('graph', file.subarray(0, 100))).rejects.toThrow('“graph” could not be loaded');
    await expect(
      run(
        file,
        numbers([1, 2, 3], () => 0),
      ),
    ).resolves.toEqual({ y: [1, 1, 1, 1] });
  });

  it('refuses a graph that XNNPACK would not compute', async () => {
    const file = writeTflite({
      tensors: [
        { name: 'x', type: 'float16', dims: [4] },
        { name: 'y', type: 'float32', dims: [4] },
      ],
      operators: [{ op: 'DEQUANTIZE', inputs: [0], output: 1 }],
      inputs: [0],
      outputs: [1],
    });
    await expect(runtime.load('graph', file)).rejects.toThrow('could not be loaded');
  });

  it('refuses an option that an operator does not have', () => {
    const operators = [{ op: 'ADD', inputs: [0, 0], output: 1, options: { keepDims: 1 } }] as const;
    const tensors = ['x', 'y'].map((name) => ({ name, type: 'float32' as const, dims: [4] }));
    expect(() => writeTflite({ tensors, operators, inputs: [0], outputs: [1] })).toThrow(RangeError);
  });
});
