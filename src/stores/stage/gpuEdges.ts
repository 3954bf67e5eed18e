import { createStore } from 'zustand/vanilla';
import type { Size } from '../../core/geometry.ts';
import { toMaskletError } from '../../core/errors.ts';
import { notifyProblem } from '../page/noticesStore.ts';
import { stage } from '../workers/workers.ts';
import { stageStore } from './stageStore.ts';

export interface GpuEdgesState {
  /** `unknown`: nobody has needed it yet. `unfit`: the CPU makes edges. */
  readonly phase: 'unknown' | 'checking' | 'ready' | 'unfit';
  /** The most pixels of a frame whose edges the GPU makes. */
  readonly mostPixels: number;
}

/** Whether the stage's GPU can make edges. */
export const gpuEdgesStore = createStore<GpuEdgesState>(() => ({ phase: 'unknown', mostPixels: 0 }));

/** Whether the stage makes the edges of frames of a size while it draws them. */
export function gpuMakesEdges({ width, height }: Size): boolean {
  return stageStore.getState().renderer === 'gpu' && width * height <= gpuEdgesStore.getState().mostPixels;
}

/** Finds out, at the first call with a GPU on the stage, whether that makes edges as the CPU does. */
export async function checkGpuEdges(): Promise<void> {
  if (stageStore.getState().renderer !== 'gpu' || gpuEdgesStore.getState().phase !== 'unknown') return;
  gpuEdgesStore.setState({ phase: 'checking' });
  const { mostPixels, problem } = await stage.checkEdges().catch((thrown: unknown) => ({
    mostPixels: 0,
    problem: toMaskletError(thrown).message,
  }));
  gpuEdgesStore.setState({ phase: mostPixels > 0 ? 'ready' : 'unfit', mostPixels });
  // Where the stage has left the GPU meanwhile, it has said so.
  if (problem === undefined || stageStore.getState().renderer !== 'gpu') return;
  console.warn(`Edges are made without the GPU: ${problem}`);
  notifyProblem(
    'The graphics card makes edges in another way than exports have them, so the processor makes them, which takes longer.',
    { about: 'app' },
  );
}
