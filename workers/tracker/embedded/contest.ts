import type { CellBox, Grid } from '../masks/grid.ts';
import type { Guess } from './memoryAttention.ts';
import { TUNED } from './tuned.ts';

/**
 * Logits in the object's favour where its mask and its rival's both claim a cell; see also `TUNED.favour`. Where only one of them was
 * there on the frame before, and the other is what may be there as well, the one keeps all.
 */
export const FAVOUR = { none: 0, objectFollowed: 1e6, rivalFollowed: -1e6 };

/** How far, in cells, surroundings reach that say which of two memories a cell resembles more. */
export function surroundingsReach(): number {
  return 2 * TUNED.contestSpread;
}

/** What the logits of a mask prompt count for beside those of a mask. */
export function promptWeight(pair: boolean): number {
  return (pair ? TUNED.pairGuessWeight : 1) / TUNED.maskPromptScale;
}

/** Where an object and its rival were, in cells; `null` where nobody knows. */
export interface Places {
  readonly object: CellBox | null;
  readonly rival: CellBox | null;
}

/** What is known of two that may be taken for each other. */
export interface Rivalry {
  /** `undefined` where the rival was not known before. */
  readonly places: Places | undefined;
  /** Whether they are a pair: both are known to be there, and small. */
  readonly pair: boolean;
}

/**
 * Shares the cells that the guesses of an object and of its rival both claim: both probabilities together are 1 at most. Odds are those
 * of the guesses, times what place and resemblance say. Of a rival that was not known before only what the object does not claim is left.
 * Neither probability grows, but within a pair: each cell is surely of one of the two then, if it is of either.
 *
 * @returns the probabilities of both
 */
export function shareGuesses(
  object: Guess,
  rival: Guess,
  { places, pair }: Rivalry,
): { object: Grid; rival: Grid } {
  if (!places) return { object: object.probability, rival: unclaimed(object, rival) };
  const { width, height, data } = object.probability;
  const [own, other] = [data.slice(), rival.probability.data.slice()];
  const preference = preferenceAround(object, rival);
  const mostLead = pair ? TUNED.pairLead : TUNED.lead;
  const nearer = pair ? nearerCentre : nearness;
  for (let y = 0, cell = 0; y < height; y++) {
    for (let x = 0; x < width; x++, cell++) {
      const [p, q] = [own[cell] ?? 0, other[cell] ?? 0];
      if (p <= 0 || q <= 0) continue;
      const lead = (preference[cell] ?? 0) + nearer(x + 0.5, y + 0.5, places);
      const claim = p * Math.exp(Math.max(-mostLead, Math.min(mostLead, lead)));
      const share = claim / (claim + q);
      const all = Math.min(1, p + q);
      own[cell] = pair ? all * share : Math.min(p, share);
      other[cell] = pair ? all * (1 - share) : Math.min(q, 1 - share);
    }
  }
  return { object: { width, height, data: own }, rival: { width, height, data: other } };
}

function unclaimed(object: Guess, { probability: { data, ...grid } }: Guess): Grid {
  return { ...grid, data: data.map((q, cell) => Math.max(0, q - (object.probability.data[cell] ?? 0))) };
}

/**
 * How much more the surroundings of each cell resemble the object's memories than the rival's, as log-odds: the mean over cells
 * that both were asked for, by how likely they are of either.
 */
function preferenceAround(
  { probability: { width, height, data }, ...object }: Guess,
  rival: Guess,
): Float32Array {
  const weights = new Float32Array(data.length);
  const sums = new Float32Array(data.length);
  for (let cell = 0; cell < data.length; cell++) {
    const difference = (object.resemblance[cell] ?? NaN) - (rival.resemblance[cell] ?? NaN);
    if (Number.isNaN(difference)) continue;
    const weight = (data[cell] ?? 0) + (rival.probability.data[cell] ?? 0);
    weights[cell] = weight;
    sums[cell] = (weight * difference) / TUNED.temperature;
  }
  const total = blurred({ width, height, data: weights });
  return blurred({ width, height, data: sums }).map((sum, cell) => sum / Math.max(total[cell] ?? 0, 1e-6));
}

/** Sums over each cell's surroundings, weighted by their distance; what lies outside counts as 0. */
function blurred({ data, width, height }: Grid): Float32Array {
  const weights = Array.from({ length: surroundingsReach() + 1 }, (_, off) =>
    Math.exp(-(off ** 2) / (2 * TUNED.contestSpread ** 2)),
  );
  const across = data.map((_, cell) => sumAlong(data, weights, cell, 1, cell % width, width));
  return data.map((_, cell) => sumAlong(across, weights, cell, width, Math.floor(cell / width), height));
}

/**
 * @param weights by distance
 * @param at where the cell is along a line of `length` cells, which are `step` apart
 */
function sumAlong(
  values: Float32Array,
  weights: readonly number[],
  cell: number,
  step: number,
  at: number,
  length: number,
): number {
  const first = Math.max(0, at - weights.length + 1);
  const last = Math.min(length - 1, at + weights.length - 1);
  let sum = 0;
  for (let other = first; other <= last; other++)
    sum += (weights[Math.abs(other - at)] ?? 0) * (values[cell + (other - at) * step] ?? 0);
  return sum;
}

/** How much nearer a point is to the object's place than to the rival's, as log-odds. */
function nearness(x: number, y: number, { object, rival }: Places): number {
  if (!object || !rival) return 0;
  return (squaredDistance(x, y, rival) - squaredDistance(x, y, object)) / (2 * TUNED.contestSpread ** 2);
}

/** How much nearer a point is to the middle of the object's place than to that of the rival's, as log-odds: also where both overlap. */
function nearerCentre(x: number, y: number, { object, rival }: Places): number {
  if (!object || !rival) return 0;
  const squared = ({ x0, y0, x1, y1 }: CellBox) => (x - (x0 + x1) / 2) ** 2 + (y - (y0 + y1) / 2) ** 2;
  return (squared(rival) - squared(object)) / (2 * TUNED.contestSpread ** 2);
}

function squaredDistance(x: number, y: number, { x0, y0, x1, y1 }: CellBox): number {
  const across = Math.max(0, x0 - x, x - x1);
  const down = Math.max(0, y0 - y, y - y1);
  return across * across + down * down;
}

/** A decoded mask, [256, 256], and the mask prompt that asked for it. */
export interface Claim {
  readonly logits: Float32Array;
  readonly prompt: Float32Array;
}

/**
 * Settles which of the two each cell belongs to that both masks claim: the one whose logits of mask and guess add up to more, with
 * `favour` for the object. The other's logit is negated, in place.
 */
export function settleMasks(object: Claim, rival: Claim, favour: number, pair: boolean): void {
  const weight = promptWeight(pair);
  for (let cell = 0; cell < object.logits.length; cell++) {
    const own = object.logits[cell] ?? 0;
    const other = rival.logits[cell] ?? 0;
    if (own <= 0 || other <= 0) continue;
    const guessed = weight * ((object.prompt[cell] ?? 0) - (rival.prompt[cell] ?? 0));
    if (own - other + guessed + favour >= 0) rival.logits[cell] = -other;
    else object.logits[cell] = -own;
  }
}
