import { expect, it } from 'vitest';
import type { Gpu } from '../gpu/gpu.ts';
import { GpuSlice } from '../gpu/gpuMemory.ts';
import type { DeviceTensor, GraphSession } from './graph.ts';
import { canBeRecorded, whyNotReplayed } from './replay.ts';
import { onGpu } from './tensorStore.ts';

const DIMS = [2, 3];
const DIFFERS = 'a recorded run gives other numbers';

/** Buffers that are plain numbers. */
const held = new Map<GPUBuffer, Float32Array>();
/** What was sent up so far. */
const sent: Float32Array[] = [];
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
    join: ([values]: readonly Float32Array[]) => {
      sent.push(values!);
      return send(values!);
    },
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
  expect(await whyNotReplayed(gpu, plain, graph(double))).toBeUndefined();
  expect(held.size).toBe(0);
});

it('one that gives again what it was recorded with is not', async () => {
  let first: Float32Array | undefined;
  const stale = graph((given) => (first ??= double(given)));
  expect(await whyNotReplayed(gpu, plain, stale)).toBe(DIFFERS);
});

it('one that is off by a bit is not', async () => {
  const off = graph((given) => double(given).map((value) => value * (1 + 2 ** -23)));
  expect(await whyNotReplayed(gpu, plain, off)).toBe(DIFFERS);
});

it('one that leaves out what only one of the inputs needs is not, even if that is the input of the recording', async () => {
  const inputs = new Set<number>();
  const noted = graph((given) => {
    inputs.add(given[0]!);
    return double(given);
  });
  expect(await whyNotReplayed(gpu, noted, plain)).toBeUndefined();
  expect(inputs.size).toBe(3);
  for (const input of inputs) {
    const hide = (given: Float32Array) => (given[0] === input ? given.map(() => -1024) : double(given));
    let runs = 0;
    const recorded = graph((given) => (runs++ === 0 ? hide(given) : double(given)));
    expect(await whyNotReplayed(gpu, graph(hide), recorded)).toBe(DIFFERS);
  }
});

it('one that overflows where others do is replayed', async () => {
  const overflow = (given: Float32Array) => given.map((value) => (Math.abs(value) > 1 ? NaN : 2 * value));
  expect(await whyNotReplayed(gpu, graph(overflow), graph(overflow))).toBeUndefined();
  expect(await whyNotReplayed(gpu, graph(overflow), plain)).toBe(DIFFERS);
});

it('one is not where inputs cannot tell', async () => {
  const zeros = graph((given) => given.map(() => 0));
  expect(await whyNotReplayed(gpu, zeros, zeros)).toContain('the same for different inputs');
});

it('one that fails is not, and the GPU counts as failed where that disturbs other runs', async () => {
  let isRecording = false;
  const failing = graph(() => {
    isRecording = true;
    throw new Error('no buffer');
  });
  expect(await whyNotReplayed(gpu, plain, failing)).toMatch(/recorded run fails .*no buffer/);
  const stuck = () => {
    throw new Error('still recording');
  };
  for (const disturb of [(given: Float32Array) => given, stuck]) {
    isRecording = false;
    const disturbed = graph((given) => (isRecording ? disturb : double)(given));
    await expect(whyNotReplayed(gpu, disturbed, failing)).rejects.toMatchObject({ code: 'gpu-failed' });
  }
  expect(held.size).toBe(0);
});

it('each noise is made once, and on the GPU only while a run takes it', async () => {
  sent.length = 0;
  let mostHeld = 0;
  const counted = graph((given) => {
    mostHeld = Math.max(mostHeld, held.size);
    return double(given);
  });
  expect(await whyNotReplayed(gpu, counted, counted)).toBeUndefined();
  expect(sent).toHaveLength(7);
  expect(new Set(sent).size).toBe(3);
  expect(mostHeld).toBe(1);
});

it('only graphs whose inputs have known dims are recorded', () => {
  expect(canBeRecorded(plain)).toBe(true);
  for (const dims of [['batch', 3], [-1, 3], []])
    expect(canBeRecorded({ inputs: [{ name: 'x', type: 'float32', dims }] })).toBe(false);
});
