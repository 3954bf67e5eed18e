import * as ort from 'onnxruntime-node';
import { vi } from 'vitest';
import { isHalfRight } from '../halfCheck.ts';
import { OrtRuntime } from '../ortRuntime.ts';

/** A GPU that computes in half precision, if there is one: ONNX Runtime's WebGPU in Node, on Vulkan. Tensors go up and come back. */
export async function findHalfGpu(): Promise<OrtRuntime | undefined> {
  const runtime = new OrtRuntime(ort, {
    executionProviders: ['webgpu'],
    logSeverityLevel: 4,
    // What the GPU cannot do is not for the CPU, which would get it right.
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const isRight = await isHalfRight(runtime).finally(() => warn.mockRestore());
  return isRight ? runtime : undefined;
}
