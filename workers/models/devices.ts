import { MaskletError } from '../../src/core/errors.ts';
import { findGpu, type GpuAdapter } from '../gpu/adapter.ts';
import { weightFiles, type ModelManifest } from './manifest.ts';
import type { Precision } from './manifestParts.ts';
import { fitsGpu } from './budget.ts';
import { isLiteRtFit } from './liteRtWeb.ts';

/** A device for a model and a precision to run it in there. No GPU: the CPU. */
export interface Way {
  readonly precision: Precision;
  readonly gpu: GpuAdapter | undefined;
}

/** Where models may run. */
export interface Devices {
  findGpu(): Promise<GpuAdapter | null>;
}

export const THIS_MACHINE: Devices = { findGpu: () => findGpu() };

/** The machine's memory as the browser rounds it; not all say. */
export function memoryGiB(): number | undefined {
  return (navigator as Navigator & { readonly deviceMemory?: number }).deviceMemory;
}

/**
 * How a model can run on this machine, the fastest first. A GPU only where the model fits into it, and in half precision only
 * where it computes in it: the CPU has no kernels for it. On the CPU LiteRT is twice as fast as ONNX Runtime: docs/performance.md.
 */
export async function findWays(manifest: ModelManifest, devices = THIS_MACHINE): Promise<Way[]> {
  const gpu = (await devices.findGpu()) ?? undefined;
  const onGpu = (precision: Precision): Way[] =>
    gpu && fitsGpu(manifest, precision, gpu.limits, memoryGiB()) ? [{ precision, gpu }] : [];
  const ways: Way[] = [
    ...(gpu?.half ? onGpu('fp16') : []),
    ...onGpu('fp32'),
    ...(isLiteRtFit() ? [{ precision: 'lite', gpu: undefined } as const] : []),
    { precision: 'fp32', gpu: undefined },
  ];
  return ways.filter(({ precision }) => weightFiles(manifest, precision) !== undefined);
}

/**
 * The ways that are left once half precision is tried: none in it where a GPU computes it wrongly, and the GPU's name then says so.
 *
 * @param isHalfRight tries the way in half precision, if there is one; `computesHalf` of `halfCheck.ts`
 */
export async function withoutWrongHalf(
  ways: readonly Way[],
  isHalfRight: (way: Way) => Promise<boolean>,
): Promise<readonly Way[]> {
  const half = ways.find(({ precision }) => precision === 'fp16');
  if (!half || (await isHalfRight(half))) return ways;
  return ways
    .filter((way) => way !== half)
    .map(({ precision, gpu }) => ({
      precision,
      gpu: gpu && { ...gpu, name: `${gpu.name}, in full precision, as its half is wrong` },
    }));
}

/** Why a model has no way to run on this machine: it is made in half precision only, for a GPU with the memory for it. */
export const NO_WAY =
  'It needs a graphics card that computes in half precision (WebGPU’s shader-f16) and has the memory for it, which the browser does not offer here.';

/** The error for a model that needs a GPU which the machine has not. */
export function noWay({ name }: ModelManifest): MaskletError {
  return new MaskletError(
    'model-unfit',
    `${name} cannot run on this machine. ${NO_WAY} Choose another model.`,
  );
}
