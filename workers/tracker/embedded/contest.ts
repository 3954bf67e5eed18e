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

/** Where an object and its rival were, in cells; `null` where nobody knows. */
export interface Places {
  readonly object: CellBox | null;
  readonly rival: CellBox | null;
}

/** Two searches that may find the same thing, by their indices. */
export interface Contest {
  readonly object: number;
  readonly rival: number;
  /** `undefined` where the rival was not known before: it gets what the object does not claim. */
  readonly places: Places | undefined;
  /** Whether they are a pair: both are known to be there. */
  readonly pair: boolean;
  /** Logits in the object's favour where both masks claim a cell. */
  readonly favour: number;
}

/** Contests that are decided at once. What is left is shared in the next round. */
export type Round = readonly Contest[];

/** A contest as one of the two sees it. */
export interface Side extends Pick<Contest, 'pair'> {
  /** The other search. */
  readonly other: number;
  /** Where it was, and where the other one was; `undefined` where it was not known before. */
  readonly places: { readonly own: CellBox | null; readonly other: CellBox | null } | undefined;
}

/** The contests of a search as it sees them, without those with something that was not known before: that takes nothing from it. */
export function sidesOf(search: number, round: Round): Side[] {
  return round.flatMap(({ object, rival, places, pair }): Side[] => {
    if (search === rival)
      return [{ other: object, pair, places: places && { own: places.rival, other: places.object } }];
    if (search !== object || !places) return [];
    return [{ other: rival, pair, places: { own: places.object, other: places.rival } }];
  });
}

/**
 * Shares the cells that several guesses claim, among all of a round at once: their probabilities together are 1 at most. Odds are those of the
 * guesses, times what place and resemblance say of each two. Of what was not known before only what nobody else claims is left. No probability
 * grows, but within a pair: each cell is surely of one of them then, if it is of any.
 *
 * @returns what is left of each guess's probabilities
 */
export function shareGuesses(guesses: readonly Guess[], rounds: readonly Round[]): Grid[] {
  let claims = guesses;
  for (const round of rounds) {
    claims = claims.map((claim, search) => {
      const rivals = sidesOf(search, round).flatMap((side) => {
        const other = claims[side.other];
        return other ? [rivalOf(claim, other, side)] : [];
      });
      return rivals.length === 0 ? claim : { ...claim, probability: shareOf(claim.probability, rivals) };
    });
  }
  return claims.map(({ probability }) => probability);
}

/** What another guess claims of one's cells. */
interface Rival extends Pick<Side, 'pair'> {
  readonly probability: Float32Array;
  /** What its probabilities count for beside one's own; `undefined` where it keeps all that it claims. */
  readonly odds: Float32Array | undefined;
}

function rivalOf(own: Guess, other: Guess, { places, pair }: Side): Rival {
  const probability = other.probability.data;
  if (!places) return { probability, pair, odds: undefined };
  const { width } = own.probability;
  const mostLead = pair ? TUNED.pairLead : TUNED.lead;
  const nearer = pair ? nearerCentre : nearness;
  const odds = preferenceAround(own, other).map((preference, cell) => {
    const lead = preference + nearer((cell % width) + 0.5, Math.floor(cell / width) + 0.5, places);
    return Math.exp(-Math.max(-mostLead, Math.min(mostLead, lead)));
  });
  return { probability, pair, odds };
}

function shareOf({ data, ...grid }: Grid, rivals: readonly Rival[]): Grid {
  const left = data.map((own, cell) => {
    if (own <= 0) return own;
    let claimed = own;
    let paired = own;
    let kept = 0;
    for (const { probability, odds, pair } of rivals) {
      const other = probability[cell] ?? 0;
      if (odds) claimed += other * (odds[cell] ?? 1);
      else kept += other;
      if (pair) paired += other;
    }
    const share = own / claimed;
    return Math.max(0, (paired > own ? Math.min(1, paired) * share : Math.min(own, share)) - kept);
  });
  return { ...grid, data: left };
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

/** How much nearer a point is to one's own place than to the other's, as log-odds. */
function nearness(x: number, y: number, { own, other }: NonNullable<Side['places']>): number {
  if (!own || !other) return 0;
  return (squaredDistance(x, y, other) - squaredDistance(x, y, own)) / (2 * TUNED.contestSpread ** 2);
}

/** How much nearer a point is to the middle of one's own place than to that of the other's, as log-odds: also where both overlap. */
function nearerCentre(x: number, y: number, { own, other }: NonNullable<Side['places']>): number {
  if (!own || !other) return 0;
  const squared = ({ x0, y0, x1, y1 }: CellBox) => (x - (x0 + x1) / 2) ** 2 + (y - (y0 + y1) / 2) ** 2;
  return (squared(other) - squared(own)) / (2 * TUNED.contestSpread ** 2);
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
 * Settles which of two each cell belongs to that both masks claim: the one whose logits of mask and guess add up to more, with
 * `favour` for the object. The other's logit is negated, in place.
 *
 * @param claims by search; `undefined` where nothing was decoded
 */
export function settleMasks(claims: readonly (Claim | undefined)[], rounds: readonly Round[]): void {
  for (const { object, rival, favour } of rounds.flat()) {
    const [own, other] = [claims[object], claims[rival]];
    if (own && other) settle(own, other, favour);
  }
}

function settle(object: Claim, rival: Claim, favour: number): void {
  for (let cell = 0; cell < object.logits.length; cell++) {
    const own = object.logits[cell] ?? 0;
    const other = rival.logits[cell] ?? 0;
    if (own <= 0 || other <= 0) continue;
    const guessed = ((object.prompt[cell] ?? 0) - (rival.prompt[cell] ?? 0)) / TUNED.maskPromptScale;
    if (own - other + guessed + favour >= 0) rival.logits[cell] = -other;
    else object.logits[cell] = -own;
  }
}
