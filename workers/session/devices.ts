import { MaskletError } from '../../src/core/errors.ts';
import { findGpu, type GpuAdapter } from '../gpu/adapter.ts';
import { weightFiles, type ModelManifest } from '../models/manifest.ts';
import type { Precision } from '../models/manifestParts.ts';

/** A device for a model and a precision to run it in there. No GPU: the CPU. */
export interface Way {
  readonly precision: Precision;
  readonly gpu: GpuAdapter | undefined;
}

/**
 * How a model can run on this machine, the fastest first. Half precision only on a GPU that computes in it: the CPU has no
 * kernels for it. On the CPU int8 is faster and tracks as well: docs/quality.md.
 */
export async function findWays(manifest: ModelManifest): Promise<Way[]> {
  const gpu = (await findGpu()) ?? undefined;
  const ways: Way[] = [
    ...(gpu?.half ? [{ precision: 'fp16' as const, gpu }] : []),
    ...(gpu ? [{ precision: 'fp32' as const, gpu }] : []),
    { precision: 'int8', gpu: undefined },
    { precision: 'fp32', gpu: undefined },
  ];
  return ways.filter(({ precision }) => weightFiles(manifest, precision) !== undefined);
}

/** Why a model has no way to run on this machine: it is made in half precision only. */
export const NO_WAY =
  'It needs a graphics card that computes in half precision (WebGPU’s shader-f16), which the browser does not offer here.';

export function noWay({ name }: ModelManifest): MaskletError {
  return new MaskletError(
    'model-unfit',
    `${name} cannot run on this machine. ${NO_WAY} Choose another model.`,
  );
}
