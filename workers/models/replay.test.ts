import { expect, it, vi } from 'vitest';
import type { Gpu } from '../gpu/gpu.ts';
import { GpuSlice } from '../gpu/gpuMemory.ts';
import type { DeviceTensor, GraphSession } from './graph.ts';
import { canBeRecorded, isReplayedRight } from './replay.ts';
import { onGpu } from './tensorStore.ts';

const DIMS = [2, 3];

/** Buffers that are plain numbers. */
const held = new Map<GPUBuffer, Float32Array>();
const send = (values: Float32Array) => {
  const buffer = {} as GPUBuffer;
  held.set(buffer, values);
  const release = () => void held.delete(buffer);
  return new GpuSlice({ buffer, holders: 0, release }, 0, values.byteLength);
};
const valuesOf = (tensor: DeviceTensor) => held.get(onGpu(tensor).buffer)!;
const gpu = {
  health: { failure: undefined },
  memory: {
    join: ([values]: readonly Float32Array[]) => send(values!),
    read: (slices: readonly GpuSlice[]) =>
      Promise.resolve(slices.map(({ buffer }) => held.get(buffer)!.slice().buffer)),
  },
} as unknown as Gpu;

/** A graph of one input that gives what `compute` makes of it. */
function graph(compute: (given: Float32Array) => Float32Array): GraphSession {
  const tensor = { name: 'x', type: 'float32', dims: DIMS };
  return {
    inputs: [tensor],
    outputs: [{ ...tensor, name: 'y' }],
    runInPlace: async ({ x }: Record<string, DeviceTensor>) => ({
      y: { slice: send(compute(valuesOf(x!))), dims: DIMS },
    }),
  } as unknown as GraphSession;
}

const double = (given: Float32Array) => given.map((value) => 2 * value);
const plain = graph(double);

it('a recorded run that gives what others give is replayed', async () => {
  expect(await isReplayedRight(gpu, plain, graph(double))).toBe(true);
  expect(held.size).toBe(0);
});

it('one that gives again what it was recorded with is not', async () => {
  let first: Float32Array | undefined;
  const stale = graph((given) => (first ??= double(given)));
  expect(await isReplayedRight(gpu, plain, stale)).toBe(false);
});

it('one that is off by a bit is not', async () => {
  const off = graph((given) => double(given).map((value) => value * (1 + 2 ** -23)));
  expect(await isReplayedRight(gpu, plain, off)).toBe(false);
});

it('one that leaves out what only one of the inputs needs is not, even if that is the input of the recording', async () => {
  const inputs = new Set<number>();
  const noted = graph((given) => {
    inputs.add(given[0]!);
    return double(given);
  });
  expect(await isReplayedRight(gpu, noted, plain)).toBe(true);
  expect(inputs.size).toBe(3);
  for (const input of inputs) {
    const hide = (given: Float32Array) => (given[0] === input ? given.map(() => -1024) : double(given));
    let runs = 0;
    const recorded = graph((given) => (runs++ === 0 ? hide(given) : double(given)));
    expect(await isReplayedRight(gpu, graph(hide), recorded)).toBe(false);
  }
});

it('one that overflows where others do is replayed', async () => {
  const overflow = (given: Float32Array) => given.map((value) => (Math.abs(value) > 1 ? NaN : 2 * value));
  expect(await isReplayedRight(gpu, graph(overflow), graph(overflow))).toBe(true);
  expect(await isReplayedRight(gpu, graph(overflow), plain)).toBe(false);
});

it('one is not where inputs cannot tell', async () => {
  const zeros = graph((given) => given.map(() => 0));
  expect(await isReplayedRight(gpu, zeros, zeros)).toBe(false);
});

it('one that fails is not, and the model does not load where it disturbs other runs', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  let isRecording = false;
  const failing = graph(() => {
    isRecording = true;
    throw new Error('failed');
  });
  expect(await isReplayedRight(gpu, plain, failing)).toBe(false);
  isRecording = false;
  const disturbed = graph((given) => (isRecording ? given : double(given)));
  await expect(isReplayedRight(gpu, disturbed, failing)).rejects.toMatchObject({ code: 'model-failed' });
  expect(held.size).toBe(0);
  warn.mockRestore();
});

it('only graphs whose inputs have known dims are recorded', () => {
  expect(canBeRecorded(plain)).toBe(true);
  for (const dims of [['batch', 3], [-1, 3], []])
    expect(canBeRecorded({ inputs: [{ name: 'x', type: 'float32', dims }] })).toBe(false);
});
