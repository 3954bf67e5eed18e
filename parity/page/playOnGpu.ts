import { toCocoRle, type CocoRle } from '../../src/core/cocoRle.ts';
import { readParityFixture } from '../../workers/tracker/sam2/testing/parityFixture.ts';
import { playRun, type RunResult, type RunTask } from '../runs.ts';
import { bytesOnDevice, read, startRuntime } from './devices.ts';

/** A run on the GPU. */
export interface GpuRun extends Omit<RunResult, 'masks'> {
  /** By frame, and on each by object. */
  readonly masks: readonly { readonly status: string; readonly mask: CocoRle }[];
}

/** Plays a run on the GPU. */
export async function playOnGpu(task: RunTask): Promise<GpuRun> {
  const { runtime } = await startRuntime('webgpu');
  const fixtures = (folder: string) => readParityFixture(folder, (path) => read(`fixtures/${path}`));
  const result = await playRun(task, runtime, fixtures, bytesOnDevice);
  runtime.dispose();
  return { ...result, masks: result.masks.map(({ status, mask }) => ({ status, mask: toCocoRle(mask) })) };
}
