import { throwIfAborted } from '../../../src/core/errors.ts';
import type { FramePrompts } from '../../../src/core/prompts.ts';
import type { TrackSettings, TrackSpan } from '../../../src/core/protocol/segmenter.ts';
import type { MaskPrediction, VideoModel } from '../videoModel.ts';
import type { MemoryBank } from './memoryBank.ts';
import { rememberMask } from './promptedMask.ts';
import type { FeatureLookup } from './featureLookup.ts';

/** An object that starts a span. */
interface Reminded<Memory> {
  readonly bank: MemoryBank<Memory>;
  readonly prompts: ReadonlyMap<number, FramePrompts>;
}

/** Frames on either side of a prompted one that are forgotten where settings say so; of the SAM 2 paper's code. */
export const FORGOTTEN_AROUND = 7;

/**
 * Starts a span: the object's bank holds what its prompts say, what the run itself has tracked behind it, and the masks that are
 * behind it from before. A model that forgets at prompts is reminded of those up to the nearest prompt.
 */
export async function remind<Features, Memory, Prediction extends MaskPrediction>(
  model: VideoModel<Features, Memory, Prediction>,
  lookUp: FeatureLookup<Features>,
  { bank, prompts }: Reminded<Memory>,
  { first, direction, behind }: TrackSpan,
  { forgetAround }: TrackSettings,
  signal: AbortSignal,
): Promise<void> {
  bank.startSpan(first, direction);
  const isForgotten = (frame: number) =>
    forgetAround && [...prompts.keys()].some((prompt) => Math.abs(prompt - frame) <= FORGOTTEN_AROUND);
  const isBeyondPrompt = (frame: number) =>
    [...prompts.keys()].some((prompt) => (prompt - frame) * (prompt - first) <= 0);
  const reminders = behind.filter(
    ({ frame }) =>
      !bank.hasRecent(frame) && !isForgotten(frame) && !(model.memoryRules.forgets && isBeyondPrompt(frame)),
  );
  for (const reminder of reminders.toReversed()) {
    throwIfAborted(signal);
    const isNearest = reminder === reminders[0];
    const { memory, distractor } = await rememberMask(model, lookUp, reminder, isNearest);
    const { frame } = reminder;
    if (memory !== undefined) bank.addTracked({ frame, memory });
    if (distractor !== undefined) bank.addDistractor({ frame, memory: distractor }, true);
  }
}
