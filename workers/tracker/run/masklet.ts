import type { FramePrompts } from '../../../src/core/prompts.ts';
import type { TrackSpan } from '../../../src/core/protocol/segmenter.ts';
import type { PromptedMask } from '../videoModel.ts';
import type { MemoryBank } from './memoryBank.ts';

/** One object in a run. */
export interface Masklet<Memory, Prediction> {
  readonly objectId: number;
  readonly prompts: ReadonlyMap<number, FramePrompts>;
  readonly bank: MemoryBank<Memory>;
  readonly prompted: ReadonlyMap<number, Prediction & PromptedMask>;
  readonly spans: readonly TrackSpan[];
  /** Ids of objects that are known to lie on this one, or under it. */
  readonly overlapping: readonly number[];
}
