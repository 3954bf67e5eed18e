import type { Census } from '../src/core/census.ts';
import type { ModelEvent } from '../src/core/protocol/segmenter.ts';

/** What is done to the GPU in mid-run. */
export type GpuFault = 'none' | 'lost' | 'memory';

/** What came of a run. */
export interface DisturbedRun {
  readonly frames: readonly number[];
  /** `doneFrames` of `totalFrames`, by event. */
  readonly progress: readonly string[];
  /** By frame: the mask's run lengths and its score. */
  readonly masks: readonly { readonly counts: readonly number[]; readonly score: number }[];
  /** What was told of the model meanwhile. */
  readonly events: readonly ModelEvent[];
  /** Once it is over. */
  readonly census: Census;
}
