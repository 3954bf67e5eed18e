import type { Owned, TensorBuffer, TensorType } from '../../workers/models/liteRtModule.ts';
import { elements, type DeviceTensor } from '../../workers/models/graph.ts';
import { startLiteRt } from '../../workers/models/liteRtWeb.ts';
import { noiseOf } from '../../workers/models/noise.ts';
import { onGpu } from '../../workers/models/tensorStore.ts';
import { takeTurns, timed, type BenchPair } from '../../tools/bench/takeTurns.ts';
import { download, largest, upload } from './comparison.ts';
import { openSharedDevice, read, startRuntime } from './devices.ts';

/** What is used of LiteRT's module beside what the app uses, as its package describes it. */
interface GpuLiteRt {
  readonly LiteRtEnvironment: { create(device: GPUDevice): Owned };
  readonly LiteRtTensorBuffer: {
    createFromWebGpuBuffer(
      environment: Owned,
      type: TensorType,
      kind: unknown,
      address: number,
      bytes: number,
    ): GpuTensorBuffer;
  };
  readonly LiteRtTensorBufferType: { readonly WEB_GPU_BUFFER_PACKED: unknown };
  readonly WebGPU: { importJsBuffer(buffer: GPUBuffer): number; getJsObject(address: number): GPUBuffer };
  compileModel(
    environment: Owned,
    model: unknown,
    options: { accelerator: 'webgpu'; gpuOptions: { precision: 'fp16' | 'fp32' } },
  ): Promise<{
    isFullyAccelerated(): boolean;
    run(
      signature: number,
      inputs: readonly GpuTensorBuffer[],
    ): GpuTensorBuffer[] | Promise<GpuTensorBuffer[]>;
  }>;
}

interface GpuTensorBuffer extends TensorBuffer {
  getWebGpuBuffer(): number;
}

export interface LiteRtTask {
  readonly liteRt: string;
  readonly onnx: string;
  readonly precision: 'fp16' | 'fp32';
  readonly rounds: number;
}

export interface LiteRtPair extends BenchPair {
  /** Of the first output's numbers. */
  readonly distance: number;
}

/**
 * One graph of one float32 input on LiteRT's WebGPU accelerator and on ONNX Runtime's, taking turns; each time the GPU has done all.
 *
 * @throws Error if LiteRT does not run all of the graph on the GPU
 */
export async function liteRtOnGpu({ liteRt, onnx, precision, rounds }: LiteRtTask): Promise<LiteRtPair> {
  const device = await openSharedDevice();
  const { runtime } = await startRuntime('webgpu');
  const { gpu } = runtime;
  if (!gpu) throw new Error('The runtime has no GPU.');
  const session = await runtime.load('graph', await read(onnx), { replay: true });
  const [input] = session.inputs;
  const dims = (input?.dims ?? []).map(Number);
  const values = noiseOf(elements(dims), 1);
  const slice = upload(gpu, values);
  const names = session.outputs.map(({ name }) => name);
  const runOrt = () => session.runInPlace({ [input?.name ?? '']: { slice, dims } }, names);
  const onLiteRt = await openOnLiteRt(device, await read(liteRt), precision, values);
  const [name = ''] = onLiteRt.outputNames;
  const found = await onLiteRt.first();
  const results = new Map(Object.entries(await runOrt()));
  const same = results.get(name);
  if (!same) throw new Error(`ONNX Runtime’s graph gives no “${name}”.`);
  results.delete(name);
  const [expected = new Float32Array()] = await download(gpu, [onGpu(same)]);
  freeAll(results.values());
  const pair = await takeTurns(
    'the embedded encoder on the GPU',
    {
      name: 'ONNX Runtime',
      run: () => timed(async () => freeAll(Object.values(await drained(device, runOrt())))),
    },
    { name: 'LiteRT', run: () => timed(() => drained(device, onLiteRt.run())) },
    rounds,
  );
  slice.free();
  await session.dispose();
  runtime.dispose();
  return { ...pair, distance: largest(found, expected) };
}

function freeAll(tensors: Iterable<DeviceTensor>): void {
  for (const each of tensors) onGpu(each).free();
}

async function drained<Result>(device: GPUDevice, work: Promise<Result>): Promise<Result> {
  const result = await work;
  await device.queue.onSubmittedWorkDone();
  return result;
}

async function openOnLiteRt(
  device: GPUDevice,
  file: Uint8Array,
  precision: 'fp16' | 'fp32',
  values: Float32Array<ArrayBuffer>,
) {
  const onCpu = await startLiteRt(1);
  const module = onCpu as unknown as GpuLiteRt;
  const environment = module.LiteRtEnvironment.create(device);
  const address = onCpu._malloc(file.length);
  onCpu.HEAPU8.set(file, address);
  const model = onCpu.loadModel(environment, address, file.length);
  const compiled = await module.compileModel(environment, model, {
    accelerator: 'webgpu',
    gpuOptions: { precision },
  });
  if (!compiled.isFullyAccelerated())
    throw new Error('LiteRT’s WebGPU accelerator does not run all of the graph.');
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffer = device.createBuffer({ size: values.byteLength, usage: STORAGE | COPY_SRC | COPY_DST });
  device.queue.writeBuffer(buffer, 0, values);
  const given = module.LiteRtTensorBuffer.createFromWebGpuBuffer(
    environment,
    model.getInputTensorType(0, 0),
    module.LiteRtTensorBufferType.WEB_GPU_BUFFER_PACKED,
    module.WebGPU.importJsBuffer(buffer),
    values.byteLength,
  );
  const names = model.getSignature(0).outputNames();
  return {
    outputNames: Array.from({ length: names.size() }, (_, i) => names.get(i)),
    run: async () => {
      for (const output of await compiled.run(0, [given])) output.delete();
    },
    first: async () => {
      const outputs = await compiled.run(0, [given]);
      const [output] = outputs;
      if (!output) throw new Error('LiteRT’s graph gives nothing.');
      const source = module.WebGPU.getJsObject(output.getWebGpuBuffer());
      const size = output.packedSize();
      const read = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
      const commands = device.createCommandEncoder();
      commands.copyBufferToBuffer(source, 0, read, 0, size);
      device.queue.submit([commands.finish()]);
      await read.mapAsync(GPUMapMode.READ);
      const found = new Float32Array(read.getMappedRange().slice(0));
      read.destroy();
      for (const each of outputs) each.delete();
      return found;
    },
  };
}
