import type { FramePrompts } from '../../../src/core/prompts.ts';
import type { MaskPrediction, PromptedMask, VideoModel } from '../videoModel.ts';
import { MemoryBank } from './memoryBank.ts';
import type { FeatureLookup } from './featureLookup.ts';

/** A frame of a clip, and its prompts. */
export interface PromptedFrame {
  readonly frame: number;
  /** Frames of the whole clip. */
  readonly frameCount: number;
  readonly prompts: FramePrompts;
}

/**
 * The mask that prompts on a frame ask for; `use` is given it with the frame's features. Where they correct a tracked mask, and the
 * model decodes corrections with memories, it is first reminded of the masks around. The same prompts give the same mask, whatever
 * was done before.
 */
export async function usePromptedMask<Features, Memory, Prediction extends MaskPrediction, Result>(
  model: VideoModel<Features, Memory, Prediction>,
  lookUp: FeatureLookup<Features>,
  { frame, frameCount, prompts }: PromptedFrame,
  use: (prediction: Prediction & PromptedMask, features: Features) => Result | Promise<Result>,
): Promise<Result> {
  const { prior, box, mask, points, around = [] } = prompts;
  const corrects = prior !== undefined && !box && !mask && points.length > 0;
  const isReminded =
    corrects && model.memoryRules.remindsCorrections && around.some((each) => each.isPrompted);
  if (!isReminded)
    return lookUp(frame, async (features) => use(await model.segment(features, prompts), features));
  const bank = new MemoryBank<Memory>(model.memoryRules, (memory) => model.free(memory));
  try {
    // Tracked masks on one side of the frame only: there tracking came from. The newest is added last.
    for (const each of around.toSorted((a, b) => Math.abs(b.frame - frame) - Math.abs(a.frame - frame))) {
      const { memory } = await rememberMask(model, lookUp, each, false);
      if (memory === undefined) continue;
      if (each.isPrompted) bank.addConditioning({ frame: each.frame, memory });
      else bank.addTracked({ frame: each.frame, memory });
    }
    const isAhead = around.some((each) => !each.isPrompted && each.frame > frame);
    const memories = bank.select({ frame, direction: isAhead ? 'backward' : 'forward', frameCount });
    return await lookUp(frame, async (features) =>
      use(await model.segment(features, prompts, memories), features),
    );
  } finally {
    bank.clear();
  }
}

/** What later frames are told of a prompted mask, and of what looks like its object, where that is sought. */
export async function memorizePrompted<Features, Memory, Prediction extends MaskPrediction>(
  model: VideoModel<Features, Memory, Prediction>,
  features: Features,
  prompted: Prediction,
  isDistractorSought = true,
): Promise<Partial<Record<'memory' | 'distractor', Memory | undefined>>> {
  const found = isDistractorSought ? await model.findDistractor?.(features, prompted) : undefined;
  try {
    const [memory, distractor] = await model.memorize(features, found ? [prompted, found] : [prompted]);
    return { memory, distractor };
  } finally {
    if (found) model.free(found);
  }
}

/** The same of a mask that is there already. */
export function rememberMask<Features, Memory, Prediction extends MaskPrediction>(
  model: VideoModel<Features, Memory, Prediction>,
  lookUp: FeatureLookup<Features>,
  { frame, mask }: { readonly frame: number; readonly mask: NonNullable<FramePrompts['mask']> },
  isDistractorSought: boolean,
): ReturnType<typeof memorizePrompted<Features, Memory, Prediction>> {
  return lookUp(frame, async (features) => {
    const given = await model.segment(features, { points: [], mask });
    return memorizePrompted(model, features, given, isDistractorSought);
  });
}
