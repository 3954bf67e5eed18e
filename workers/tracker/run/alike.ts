import type { VideoBox, VideoPoint } from '../../../src/core/geometry.ts';
import { MaskletError, throwIfAborted } from '../../../src/core/errors.ts';
import type { Appearance, Example, Proposal } from '../../../src/core/protocol/segmenter.ts';
import { mayOverlap, rleArea, sharedPart, type MaskRle } from '../../../src/core/rle.ts';
import { maskShare } from '../masks/videoMask.ts';
import type { AnyVideoModel, FrameLook, VideoModel } from '../videoModel.ts';
import { stability } from './everything.ts';
import type { FeatureLookup } from './featureLookup.ts';

/** How things that look alike are looked for on a frame. */
export interface AlikeOptions {
  /** Clicks that may be spent on a frame. */
  readonly mostClicks: number;
  /** Cosine with the thing's look from which a cell is worth a click. */
  readonly worthAClick: number;
  /** What resembles it by this share of a clicked cell's resemblance, and lies together with that cell, is boxed. */
  readonly partOfPeak: number;
  /** Cosine of the looks from which a mask is taken for a thing of that kind. */
  readonly minLikeness: number;
  /** Masks below this predicted IoU are left out. */
  readonly minPredictedIou: number;
  /** Masks below this stability are left out. */
  readonly minStability: number;
  /** Of a mask's area, as a share of the thing's: elsewhere it may be nearer or farther. */
  readonly sizes: readonly [least: number, most: number];
  /** Of the smaller one of a mask and a thing that is known or found already, at most: else it is a part of it, or a group with it. */
  readonly maxShared: number;
}

export const ALIKE: AlikeOptions = {
  mostClicks: 12,
  worthAClick: 0.3,
  partOfPeak: 0.4,
  minLikeness: 0.65,
  minPredictedIou: 0.8,
  minStability: 0.85,
  sizes: [0.1, 4],
  maxShared: 0.5,
};

/** A model that can say what cells of a frame look like. */
export type LookingModel<Features> = Pick<VideoModel<Features, unknown>, 'candidates' | 'segment'> &
  Required<Pick<VideoModel<Features, unknown>, 'look'>>;

/** The model, if it can say what cells of a frame look like. @throws MaskletError `not-ready` if it cannot */
export function lookingModel(model: AnyVideoModel): LookingModel<unknown> {
  if (!canLook(model))
    throw new MaskletError('not-ready', 'This model cannot say what looks alike. Choose the embedded one.');
  return model;
}

function canLook(model: AnyVideoModel): model is AnyVideoModel & LookingModel<unknown> {
  return 'look' in model;
}

/** What a thing looks like, from frames on which it is shown. @throws RangeError where it covers no cell of any of them */
export async function appearanceOf<Features>(
  model: LookingModel<Features>,
  lookUp: FeatureLookup<Features>,
  examples: readonly Example[],
): Promise<Appearance> {
  let mean: Float32Array | undefined;
  let sum: Float32Array | undefined;
  let share = 0;
  for (const { frame, mask } of examples) {
    const seen: FrameLook = await lookUp(frame, (features) => model.look(features, mean));
    mean ??= seen.mean;
    const look = lookOf(seen, mask);
    sum = sum ? sum.map((value, i) => value + (look[i] ?? 0)) : look;
    share += rleArea(mask) / (mask.width * mask.height) / examples.length;
  }
  if (!mean || !sum || sum.every((value) => value === 0))
    throw new RangeError('A thing that covers no cell of a frame has no look.');
  return { look: unit(sum), mean, share };
}

/**
 * Proposes masks of things that look like one: clicks on the cells that resemble it most, and keeps what looks like it as a whole, the
 * most alike first. A proposal's score is its likeness, the cosine of the looks.
 *
 * @param known masks on the frame of things that are not asked for again
 */
export async function findAlike<Features>(
  model: LookingModel<Features>,
  features: Features,
  { look, mean, share }: Appearance,
  known: readonly MaskRle[],
  signal: AbortSignal,
  options: AlikeOptions = ALIKE,
): Promise<Proposal[]> {
  const seen = await model.look(features, mean);
  const channels = look.length;
  const resemblance = Float32Array.from({ length: seen.units.length / channels }, (_, cell) => {
    let product = 0;
    for (let i = 0; i < channels; i++) product += (seen.units[cell * channels + i] ?? 0) * (look[i] ?? 0);
    return product;
  });
  const leaveOut = (mask: MaskRle) =>
    sharesOf(seen, mask).forEach((part, cell) => {
      if (part > 0) resemblance[cell] = -1;
    });
  known.forEach(leaveOut);
  const isTaken = (mask: MaskRle) =>
    [...known, ...found.map((proposal) => proposal.mask)].some(
      (other) => mayOverlap(mask, other) && sharedPart(mask, other) > options.maxShared,
    );
  const found: Proposal[] = [];
  for (let click = 0; click < options.mostClicks; click++) {
    throwIfAborted(signal);
    const cell = resemblance.reduce((most, value, at) => (value > (resemblance[most] ?? -1) ? at : most), 0);
    if ((resemblance[cell] ?? -1) < options.worthAClick) break;
    const box = boxAround(seen, resemblance, cell, options.partOfPeak);
    resemblance[cell] = -1;
    const readings = await model.candidates(features, middleOf(seen, cell));
    const boxed = await model.segment(features, { points: [], box });
    const alike = readings
      .filter(
        ({ logits, predictedIou }) =>
          predictedIou >= options.minPredictedIou && stability(logits) >= options.minStability,
      )
      .map((reading) => ({ mask: reading.mask() }))
      .concat(boxed.score >= options.minPredictedIou ? [{ mask: boxed.mask }] : [])
      .filter(({ mask }) => isSize(mask, share, options.sizes) && !isTaken(mask))
      .map(({ mask }) => ({ mask, score: dot(unit(lookOf(seen, mask)), look) }))
      .sort((a, b) => b.score - a.score)[0];
    if (alike === undefined || alike.score < options.minLikeness) continue;
    leaveOut(alike.mask);
    found.push({ ...alike, id: click + 1, area: rleArea(alike.mask) });
  }
  return found.sort((a, b) => b.score - a.score);
}

function isSize(mask: MaskRle, share: number, [least, most]: AlikeOptions['sizes']): boolean {
  const size = rleArea(mask) / (mask.width * mask.height) / share;
  return size >= least && size <= most;
}

/** The share of a mask in each cell of the frame. */
function sharesOf({ fit, grid, cell }: FrameLook, mask: MaskRle): Float32Array {
  const { data, width } = maskShare(mask, fit, fit.side / cell);
  return Float32Array.from(
    { length: grid.width * grid.height },
    (_, at) => data[Math.floor(at / grid.width) * width + (at % grid.width)] ?? 0,
  );
}

/** The sum of a frame's cells, each weighted by its share of a mask. */
function lookOf(seen: FrameLook, mask: MaskRle): Float32Array {
  const channels = seen.mean.length;
  const look = new Float32Array(channels);
  sharesOf(seen, mask).forEach((part, cell) => {
    if (part > 0)
      for (let i = 0; i < channels; i++)
        look[i] = (look[i] ?? 0) + part * (seen.units[cell * channels + i] ?? 0);
  });
  return look;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / Math.max(length, 1e-12));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** The box round the cells that lie together with one and resemble the thing nearly as much. */
function boxAround(
  { fit, grid, cell: side }: FrameLook,
  resemblance: Float32Array,
  cell: number,
  partOfPeak: number,
): VideoBox {
  const least = partOfPeak * (resemblance[cell] ?? 0);
  const seen = new Set([cell]);
  const open = [cell];
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, y] = [at % grid.width, Math.floor(at / grid.width)];
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x + 1), Math.min(y0, y), Math.max(y1, y + 1)];
    const beside = [
      ...(x > 0 ? [at - 1] : []),
      ...(x + 1 < grid.width ? [at + 1] : []),
      ...[at - grid.width, at + grid.width],
    ];
    for (const next of beside) {
      if (seen.has(next) || (resemblance[next] ?? -1) < least) continue;
      seen.add(next);
      open.push(next);
    }
  }
  const across = (cells: number) => Math.min(cells * side, fit.content.width) / fit.scale.x;
  const down = (cells: number) => Math.min(cells * side, fit.content.height) / fit.scale.y;
  return { x0: across(x0), x1: across(x1), y0: down(y0), y1: down(y1) };
}

/** The point of the clip in the middle of a cell. */
function middleOf({ fit, grid, cell: side }: FrameLook, cell: number): VideoPoint {
  const x = ((cell % grid.width) + 0.5) * side;
  const y = (Math.floor(cell / grid.width) + 0.5) * side;
  return {
    x: Math.min(x, fit.content.width - 1) / fit.scale.x,
    y: Math.min(y, fit.content.height - 1) / fit.scale.y,
  };
}
