import type { DeviceInfo } from '../../src/core/protocol/model.ts';
import { DirectFrames } from '../gpu/directFrames.ts';
import { Gpu } from '../gpu/gpu.ts';
import type { GpuAdapter } from '../gpu/adapter.ts';
import { isTflite, LiteRtGraphs } from './liteRt.ts';
import { startLiteRt } from './liteRtWeb.ts';
import { OrtRuntime, type Ort } from './ortRuntime.ts';

const direct = new DirectFrames();

/** More threads than this do not pay: the encoder's matrices are too small. */
const MAX_THREADS = 8;

export interface WebRuntime {
  readonly runtime: OrtRuntime;
  readonly device: DeviceInfo;
}

/**
 * ONNX Runtime on the browser's GPU, with a device of its own. Its build of the runtime is twice the size of the CPU's, so each is loaded only where
 * it is used.
 *
 * @throws MaskletError `gpu-lost` if the GPU is gone
 */
export async function createGpuRuntime({ open, name, isEmulated }: GpuAdapter): Promise<WebRuntime> {
  // An emulated one loses the page's devices over it.
  if (!isEmulated) await direct.tryOut(open);
  const [device, ort, mjs, wasm] = await Promise.all([
    open(),
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
  ]);
  ort.env.wasm.wasmPaths = { mjs: mjs.default, wasm: wasm.default };
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return {
    runtime: new OrtRuntime(
      ort,
      { executionProviders: [{ name: 'webgpu', device }] },
      new Gpu(device, direct),
    ),
    device: { kind: 'webgpu', label: name },
  };
}

/**
 * The CPU, with threads where the page is cross-origin isolated: ONNX Runtime in WASM with SIMD, and LiteRT for graphs in its own
 * format, which is started with the first of them.
 */
export async function createCpuRuntime(): Promise<WebRuntime> {
  const [ort, mjs, wasm] = await Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
  ]);
  const threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
  ort.env.wasm.wasmPaths = { mjs: mjs.default, wasm: wasm.default };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  const { Tensor, InferenceSession } = ort;
  const open: Ort['InferenceSession'] = {
    create: async (model, options) =>
      isTflite(model)
        ? new LiteRtGraphs(await startLiteRt(threads), threads, Tensor).open(model)
        : InferenceSession.create(model, options),
  };
  return {
    runtime: new OrtRuntime(
      { InferenceSession: open, Tensor },
      {
        executionProviders: ['wasm'],
        // Threads that wait by spinning would slow down LiteRT's.
        extra: { session: { force_spinning_stop: '1' } },
      },
    ),
    device: { kind: 'wasm', label: threads === 1 ? 'CPU, 1 thread' : `CPU, ${threads} threads` },
  };
}
