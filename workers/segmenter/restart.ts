import { MAX_RESTARTS } from '../../src/core/limits.ts';
import { HAPPENED, type GpuFailureCode } from '../gpu/gpuFailure.ts';
import type { Thrift } from '../models/budget.ts';

/** How a model is started. */
export interface StartPlan {
  /** Whether it may run on a GPU. */
  readonly gpu: boolean;
  readonly thrift: Thrift;
  /** Failures of the GPU since the model last did something useful. */
  readonly failures: number;
}

export const FIRST_START: StartPlan = { gpu: true, thrift: 'none', failures: 0 };

const MORE_THRIFT: Readonly<Record<Thrift, Thrift | undefined>> = {
  none: 'features',
  features: 'objects',
  objects: undefined,
};

/**
 * How a model is started again after the GPU has failed: on a new device while that is worth it, with less memory where it was used
 * up, at last on the CPU.
 */
export function planRestart({ thrift, failures }: StartPlan, code: GpuFailureCode): StartPlan {
  const saving = code === 'gpu-memory' ? MORE_THRIFT[thrift] : thrift;
  const gpu = saving !== undefined && failures < MAX_RESTARTS;
  return { gpu, thrift: saving ?? thrift, failures: failures + 1 };
}

/** What a person is told where a model cannot be started again. @param why in a sentence */
export function describeEnd(code: GpuFailureCode, why: string): string {
  return `${HAPPENED[code]}. ${why} Your work is kept.`;
}

/** What a person is told once a model goes on. @param isOnGpu whether it still runs on a GPU */
export function describeRestart(code: GpuFailureCode, isOnGpu: boolean): string {
  const outcome = isOnGpu
    ? code === 'gpu-memory'
      ? ', so the model was started again and takes less of it.'
      : ' and has been started again.'
    : '. The processor goes on, more slowly.';
  return `${HAPPENED[code]}${outcome} Your work is kept.`;
}
