import {
  videoToModelBox,
  videoToModelPoint,
  type ModelBox,
  type VideoBox,
} from '../../../src/core/geometry.ts';
import type { FramePrompts, PointPrompt } from '../../../src/core/prompts.ts';
import {
  decodeRle,
  rleArea,
  rleBounds,
  rleIncludes,
  subtractRle,
  unionRle,
  type MaskRle,
} from '../../../src/core/rle.ts';
import { readWider, scaleBox } from '../masks/boxReadings.ts';
import { changeWhereClicked } from '../masks/changeWhereClicked.ts';
import { boundsAbove } from '../masks/grid.ts';
import { roughPrompts } from '../masks/roughPrompts.ts';
import { distanceTransform } from '../masks/shape.ts';
import { logitsToMask } from '../masks/videoMask.ts';
import {
  MASK_CELL,
  MASK_PROMPT_BOUND,
  type DecodedMask,
  type DecoderPrompts,
  type EmbeddedDecoder,
} from './decoder.ts';
import type { EmbeddedFeatures } from './features.ts';
import { givenLogits } from './givenMask.ts';
import { TUNED } from './tuned.ts';

/** What decodes prompts. */
type Decoder = Pick<EmbeddedDecoder, 'decode'>;

/** A mask that prompts ask for. */
export interface PromptedLogits extends DecodedMask {
  /** In pixels of the video. */
  readonly mask: MaskRle;
}

/**
 * The mask that points and a box ask for. They correct the mask that was given or tracked on the frame, where there is one
 * and no box takes its place.
 */
export async function decodePrompts(
  decoder: Decoder,
  features: EmbeddedFeatures,
  prompts: FramePrompts,
): Promise<PromptedLogits> {
  const corrected =
    prompts.mask ?? prompts.prior ?? (prompts.box ? undefined : await readFirst(decoder, features, prompts));
  const box = corrected && !prompts.box ? rleBounds(corrected) : null;
  if (corrected && box) return decodeCorrection(decoder, features, prompts.points, corrected, box);
  const decoded = await decodeAnew(decoder, features, prompts);
  return { ...decoded, mask: maskOf(features, decoded) };
}

/** The mask of the first click as a person chose to read it, where further clicks correct that. */
async function readFirst(
  decoder: Decoder,
  features: EmbeddedFeatures,
  { points: [first, ...others], reading }: FramePrompts,
): Promise<MaskRle | undefined> {
  if (!first || others.length === 0 || !reading) return undefined;
  return maskOf(features, await decodeAnew(decoder, features, { points: [first], reading }));
}

function maskOf({ letterbox, video }: EmbeddedFeatures, { logits }: DecodedMask): MaskRle {
  return logitsToMask(logits, letterbox, video);
}

/** Decodes twice, the second time with the first mask as prompt; a single click's with its box as well. */
async function decodeAnew(
  decoder: Decoder,
  features: EmbeddedFeatures,
  prompts: FramePrompts,
): Promise<DecodedMask> {
  const points = modelPoints(features, prompts.points);
  const box = prompts.box && videoToModelBox(prompts.box, features.letterbox);
  const ambiguous = !box && points.length === 1;
  const { single, readings } = await decoder.decode(features, { points, box });
  const ranked = [...readings].sort((a, b) => b.predictedIou - a.predictedIou);
  const reading = prompts.reading ?? 0;
  if (ambiguous && ranked[0] && reading >= ranked.length) {
    const decode = async (inside: ModelBox) =>
      (await decoder.decode(features, { points, box: inside })).single;
    const reader = { cell: MASK_CELL, content: features.letterbox.content, decode };
    return readWider(reader, ranked[0], reading - ranked.length + 1);
  }
  const first = (ambiguous && ranked[reading]) || single;
  const bounds = boundsAbove(first.logits, 0);
  if (!bounds) return first;
  const second = await decoder.decode(features, {
    points,
    box: ambiguous ? scaleBox(bounds, MASK_CELL) : box,
    mask: first.logits.data.map((logit) => Math.max(-MASK_PROMPT_BOUND, Math.min(MASK_PROMPT_BOUND, logit))),
  });
  return second.single;
}

/**
 * Points that correct a mask: prompted with that mask, its box, stretched to the points that add, and one point inside it. Only the
 * parts that somebody clicked on change: a decoder that looks at everything anew mends one place and breaks others.
 */
async function decodeCorrection(
  decoder: Decoder,
  features: EmbeddedFeatures,
  clicks: readonly PointPrompt[],
  corrected: MaskRle,
  bounds: VideoBox,
): Promise<PromptedLogits> {
  const box = clicks.filter(({ label }) => label === 1).reduce(stretchBox, bounds);
  const { single } = await decoder.decode(features, {
    points: modelPoints(features, [...clicks, innerPoint(corrected, clicks)]),
    box: videoToModelBox(box, features.letterbox),
    mask: givenLogits(features, corrected),
  });
  const mask = await obey(decoder, features, clicks, {
    corrected,
    mask: changeWhereClicked(corrected, maskOf(features, single), clicks),
  });
  const logits = { ...single.logits, data: givenLogits(features, mask) };
  return { mask, logits, predictedIou: single.predictedIou };
}

/**
 * A corrected mask that does what its clicks say: where the decoder did not heed one, the smallest thing that a click there alone may mean
 * is added or taken away, unless that is too large to be a part.
 */
async function obey(
  decoder: Decoder,
  features: EmbeddedFeatures,
  clicks: readonly PointPrompt[],
  { corrected, mask }: { readonly corrected: MaskRle; readonly mask: MaskRle },
): Promise<MaskRle> {
  let obeying = mask;
  for (const click of clicks) {
    const adds = click.label === 1;
    if (rleIncludes(obeying, click) === adds) continue;
    const { readings } = await decoder.decode(features, {
      points: modelPoints(features, [{ ...click, label: 1 }]),
    });
    const part = readings
      .map((reading) => maskOf(features, reading))
      .filter((each) => rleIncludes(each, click))
      .sort((a, b) => rleArea(a) - rleArea(b))[0];
    if (!part || rleArea(part) > TUNED.largestPart * rleArea(corrected)) continue;
    obeying = adds ? unionRle([obeying, part]) : subtractRle(obeying, [part]);
  }
  return obeying;
}

/** The mask of a thing whose mask is known roughly: that mask is a prompt, beside its box and the point deepest inside it. */
export async function decodeRough(
  decoder: Decoder,
  features: EmbeddedFeatures,
  rough: MaskRle,
): Promise<DecodedMask> {
  const { box, inside } = roughPrompts(rough);
  const { single } = await decoder.decode(features, {
    points: modelPoints(features, [{ ...inside, label: 1 }]),
    box: videoToModelBox(box, features.letterbox),
    mask: givenLogits(features, rough),
  });
  return single;
}

type ModelPoints = DecoderPrompts['points'];

function modelPoints({ letterbox }: EmbeddedFeatures, points: readonly PointPrompt[]): ModelPoints {
  return points.map((point) => ({ ...videoToModelPoint(point, letterbox), label: point.label }));
}

function stretchBox(box: VideoBox, { x, y }: PointPrompt): VideoBox {
  return {
    x0: Math.min(box.x0, x),
    y0: Math.min(box.y0, y),
    x1: Math.max(box.x1, x),
    y1: Math.max(box.y1, y),
  };
}

/** The point deepest inside the mask, and far from the points that take away. */
function innerPoint(mask: MaskRle, clicks: readonly PointPrompt[]): PointPrompt {
  const depth = distanceTransform({ width: mask.width, height: mask.height, data: decodeRle(mask) });
  const removed = clicks.filter(({ label }) => label === 0);
  let best: PointPrompt = { x: 0, y: 0, label: 1 };
  let bestClearance = -1;
  for (let y = 0, at = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, at++) {
      const inside = depth[at] ?? 0;
      if (inside <= bestClearance) continue;
      const clearance = Math.min(inside, ...removed.map((point) => Math.hypot(point.x - x, point.y - y)));
      if (clearance <= bestClearance) continue;
      bestClearance = clearance;
      best = { x: x + 0.5, y: y + 0.5, label: 1 };
    }
  }
  return best;
}
