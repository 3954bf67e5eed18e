import {
  videoToModelBox,
  videoToModelPoint,
  type ModelFit,
  type VideoBox,
} from '../../../src/core/geometry.ts';
import type { FramePrompts } from '../../../src/core/prompts.ts';
import type { MaskRle } from '../../../src/core/rle.ts';
import type { DeviceTensor } from '../../models/graph.ts';
import type { Grid } from '../masks/grid.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { Sam2Memory } from './contract.ts';
import type { Sam2Features } from './features.ts';
import { boxToCorrect } from './givenMask.ts';
import { gridOf } from './maskTensors.ts';
import { boxCorners, type LabelledPoint } from './promptTokens.ts';
import type { Sam2Model, Sam2Prompted } from './sam2Model.ts';

/** The decoder on the features of one frame. */
export interface PromptDecoder {
  /** Whether it takes logits of an earlier mask. */
  readonly takesMasks: boolean;
  /** @param points in model pixels, a box's corners first */
  decode(points: readonly LabelledPoint[], feedback?: Grid): Promise<Sam2Prompted>;
  /** One reading of a click, as in `FramePrompts`. */
  read(click: LabelledPoint, reading: number): Promise<Sam2Prompted>;
  free(prompted: Sam2Prompted): void;
}

/** What prompts correct. */
export interface Correction {
  readonly fit: ModelFit;
  /** The mask that clicks correct. */
  readonly corrected: MaskRle | undefined;
  /** Its logits on the mask grid. */
  readonly feedback: Grid | undefined;
}

/** The bound of logits that go back into the decoder; of the SAM 2 paper's code. */
const FEEDBACK_BOUND = 32;

/**
 * The mask of prompts that are no mask alone. A box and clicks are decoded one after the other, each with the logits of the one
 * before; a decoder that takes no logits gets all at once, and the box of the mask that they correct.
 */
export async function decodePrompts(
  decoder: PromptDecoder,
  { box, points, reading }: FramePrompts,
  { fit, corrected, feedback: given }: Correction,
): Promise<Sam2Prompted> {
  const clicks = points.map((point) => ({ ...videoToModelPoint(point, fit), label: point.label }));
  const corners = (around?: VideoBox) => (around ? boxCorners(videoToModelBox(around, fit)) : []);
  const [first] = clicks;
  const read = first && reading && !box && !corrected ? await decoder.read(first, reading) : undefined;
  if (read && clicks.length === 1) return read;
  if (!decoder.takesMasks) {
    const toCorrect = corrected ?? read?.mask;
    if (read) decoder.free(read);
    const held = box ?? (toCorrect && boxToCorrect(toCorrect, points));
    return decoder.decode([...corners(held), ...clicks]);
  }
  let prediction = read;
  let feedback = given;
  for (let count = read ? 2 : box ? 0 : 1; count <= clicks.length; count++) {
    if (prediction) {
      feedback = bounded(gridOf(prediction.logits));
      decoder.free(prediction);
    }
    prediction = await decoder.decode([...corners(box), ...clicks.slice(0, count)], feedback);
  }
  if (!prediction) throw new RangeError('A mask from prompts needs a point, a box or a mask.');
  return prediction;
}

/**
 * What memories make of a frame: logits of the mask, and the features that they condition, [1, C, S/16, S/16], which are the
 * caller's to free.
 */
export async function trackAgain(
  model: Sam2Model,
  features: Sam2Features,
  memories: SelectedMemories<Sam2Memory>,
): Promise<{ tracked: Grid; image: DeviceTensor }> {
  const { predictions, conditioned } = await model.trackConditioned(features, [memories], [false]);
  const [prediction] = predictions;
  const [image] = conditioned;
  if (!prediction || !image) throw new RangeError('Nothing was tracked.');
  const { tokens, pointer, objectScore, predictedIou } = prediction;
  for (const each of [tokens, pointer, objectScore, predictedIou]) if (each) model.tensors.free(each);
  const [logits] = await model.tensors.take([prediction.logits]);
  return { tracked: gridOf(logits), image };
}

/**
 * The logits of a tracked mask as memories give them again; those of the stored mask where they say otherwise, for it is what a
 * person corrects.
 */
export function asTracked(stored: Grid, again: Grid): Grid {
  const { data } = bounded(again);
  return {
    ...stored,
    data: stored.data.map((logit, i) => ((data[i] ?? 0) > 0 === logit > 0 ? (data[i] ?? 0) : logit)),
  };
}

function bounded(logits: Grid): Grid {
  const data = logits.data.map((logit) => Math.max(-FEEDBACK_BOUND, Math.min(FEEDBACK_BOUND, logit)));
  return { ...logits, data };
}
