import type { Tensor as OrtTensor } from 'onnxruntime-web';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import type { Gpu } from '../gpu/gpu.ts';
import { GpuSlice, noTraffic } from '../gpu/gpuMemory.ts';
import { writeOnnx } from './onnxFile.ts';
import { OrtRuntime, type Ort, type OrtSession } from './ortRuntime.ts';

/** Buffers that are plain numbers. */
const held = new Map<GPUBuffer, Float32Array>();
function send(values: Float32Array): GpuSlice {
  const buffer = { destroy: () => undefined } as GPUBuffer;
  held.set(buffer, values);
  return new GpuSlice({ buffer, holders: 0, release: () => held.delete(buffer) }, 0, values.byteLength);
}
const copy = (from: GPUBuffer, _at: number, to: GPUBuffer) => held.set(to, held.get(from)!.slice());
const gpu = {
  device: { createBuffer: () => ({ destroy: () => undefined }) },
  health: { failure: undefined },
  memory: {
    traffic: noTraffic(),
    commands: { copyBufferToBuffer: copy },
    submit: () => undefined,
    join: ([values]: readonly Float32Array[]) => send(values!),
    copyOf: (buffer: GPUBuffer) => send(held.get(buffer)!.slice()),
    adopt: (buffer: GPUBuffer) => send(held.get(buffer)!),
    read: async (slices: readonly GpuSlice[]) => slices.map(({ buffer }) => held.get(buffer)!.slice().buffer),
  },
} as unknown as Gpu;

const DIMS = [4];
const FILE = writeOnnx({
  name: 'sine',
  inputs: [{ name: 'x', dims: DIMS }],
  nodes: [{ op: 'Sin', inputs: ['x'], outputs: ['y'] }],
  outputs: [{ name: 'y', dims: DIMS }],
});

/** ONNX Runtime, with what it makes of a graph's input, and of that of one whose runs it records. */
function runtimeWhere(recorded: (x: Float32Array) => Float32Array, released = vi.fn()) {
  const tensor = (gpuBuffer: GPUBuffer) =>
    ({
      type: 'float32',
      location: 'gpu-buffer',
      dims: DIMS,
      size: 4,
      gpuBuffer,
      dispose: () => undefined,
    }) as const;
  const create = async (_model: unknown, { enableGraphCapture = false }): Promise<OrtSession> => {
    const compute = enableGraphCapture ? recorded : (x: Float32Array) => x.map(Math.sin);
    const metadata = (name: string) => [
      { name, isTensor: true as const, type: 'float32' as const, shape: DIMS },
    ];
    return {
      ...{
        inputMetadata: metadata('x'),
        outputMetadata: metadata('y'),
        release: async () => void released(),
      },
      run: async ({ x }) => {
        const values = compute(held.get(x!.gpuBuffer)!);
        return { y: tensor(send(values).buffer) as unknown as OrtTensor };
      },
    };
  };
  const Tensor = { fromGpuBuffer: tensor } as unknown as Ort['Tensor'];
  return { runtime: new OrtRuntime({ InferenceSession: { create }, Tensor }, {}, gpu), released };
}

const warn = vi.spyOn(console, 'warn');
beforeEach(() => {
  vi.stubGlobal('GPUBufferUsage', { STORAGE: 1, COPY_SRC: 2, COPY_DST: 4 });
  warn.mockReset().mockImplementation(() => undefined);
});
afterAll(() => {
  vi.unstubAllGlobals();
  warn.mockRestore();
});

it('a graph whose recorded run gives the same is replayed, and nothing is said', async () => {
  const { runtime, released } = runtimeWhere((x) => x.map(Math.sin));
  expect(await runtime.load('sine', FILE, { replay: true })).toMatchObject({ isReplayed: true });
  expect(warn).not.toHaveBeenCalled();
  expect(released).toHaveBeenCalledOnce();
});

it.each([
  ['gives other numbers', (x: Float32Array) => x],
  [
    'fails (The graph “sine” failed on x [4]: no kernel.)',
    () => {
      throw new Error('no kernel');
    },
  ],
])(
  'where a recorded run %s, the console says so once, and the graph runs as others do',
  async (why, compute) => {
    const { runtime, released } = runtimeWhere(compute);
    expect(await runtime.load('sine', FILE, { replay: true })).toMatchObject({ isReplayed: false });
    expect(warn.mock.calls).toEqual([[`The graph “sine” is not replayed: a recorded run ${why}.`]]);
    expect(released).toHaveBeenCalledOnce();
    expect(runtime.stats.sessions).toBe(1);
  },
);

it('a graph is let go of after the tensors that recorded commands still use', async () => {
  const submit = vi.spyOn(gpu.memory, 'submit');
  const { runtime, released } = runtimeWhere((x) => x);
  const session = await runtime.load('sine', FILE);
  submit.mockClear();
  await session.dispose();
  expect(submit).toHaveBeenCalledBefore(released);
  submit.mockRestore();
});
