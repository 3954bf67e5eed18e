import type { Size } from '../../../src/core/geometry.ts';
import { enlargeCubic } from '../masks/enlargeCubic.ts';
import { boundsAbove, cropGrid, growBox, type CellBox, type Grid } from '../masks/grid.ts';
import { connectedComponents, distanceTransform } from '../masks/shape.ts';
import { MASK_CELL, MASK_SIDE, type DecoderPrompts } from './decoder.ts';
import { SIDE } from './features.ts';
import type { Search } from './tracking.ts';
import { TUNED } from './tuned.ts';

/** Points inside the object, at most. */
export const MAX_POINTS = 3;
/** Mask cells along each side of a cell of the guess. */
const FACTOR = MASK_SIDE / SIDE;
/** A cell has a part in what is enlarged of cells that are so far from it. */
const CUBIC_REACH = 2;

/** What of a guess is the object's: its heaviest component, and others that are not left out. */
export interface Kept {
  /** Share of the heaviest one's mass, below which others are left out. */
  readonly componentShare: number;
  /**
   * Mask cells round the heaviest one's box, beyond which others are left out; the mask prompt then lacks all that is left out. `undefined` where the
   * mask prompt is the whole guess.
   */
  readonly around: number | undefined;
}

/** Of a search for something that is followed. */
const USUAL = { beside: undefined, lost: false };

/** What is kept of a search's guess. Of a lost object, which was sought all over the frame, only what lies together. */
export function keptOf({ beside, lost }: Pick<Search, 'beside' | 'lost'>): Kept {
  const { componentShare, pairComponentShare, reach, liesTogether } = TUNED;
  return {
    componentShare: beside === undefined ? componentShare : Math.max(componentShare, pairComponentShare),
    // It may have come nearer meanwhile, with its parts far from each other.
    around: lost && liesTogether ? 2 * reach * FACTOR : undefined,
  };
}

/** Logit from which a cell of the guess is asked for. */
export function objectLogit(): number {
  return Math.log(TUNED.objectFrom / (1 - TUNED.objectFrom));
}

/** Prompts that always bring the guess along as mask. */
export type GuessPrompts = DecoderPrompts & { readonly mask: Float32Array };

/** A part of the mask grid: logits of the guess, and where its first cell is. */
interface Patch extends Grid {
  readonly x0: number;
  readonly y0: number;
}

/**
 * Turns a guess (probabilities on the feature grid) into prompts for the decoder: a box, points well inside, and the guess
 * itself as mask prompt. `null` if nothing is found.
 *
 * @param content the part of the decoder's 256×256 mask grid that the frame covers
 */
export function promptsFromGuess(
  guess: Grid,
  content: Size,
  keeping: Kept = keptOf(USUAL),
): GuessPrompts | null {
  const asked = boundsAbove(guess, 0);
  const patch = asked && guessLogits(guess, asked, content);
  const likely = patch && boundsAbove(patch, objectLogit());
  if (!likely) return null;
  const logits = cropGrid(patch, likely);
  const kept = mainComponents(logits, keeping);
  const bounds = boundsAbove(kept, 0);
  if (!bounds) return null;
  if (keeping.around !== undefined) leaveOut(patch, likely, kept);
  const [x0, y0] = [patch.x0 + likely.x0, patch.y0 + likely.y0];
  const padX = (bounds.x1 - bounds.x0) * TUNED.boxPadding;
  const padY = (bounds.y1 - bounds.y0) * TUNED.boxPadding;
  return {
    box: {
      x0: Math.max(0, x0 + bounds.x0 - padX) * MASK_CELL,
      y0: Math.max(0, y0 + bounds.y0 - padY) * MASK_CELL,
      x1: Math.min(content.width, x0 + bounds.x1 + padX) * MASK_CELL,
      y1: Math.min(content.height, y0 + bounds.y1 + padY) * MASK_CELL,
    },
    points: innerCells(kept, logits).map((cell) => ({
      x: (x0 + (cell % logits.width) + 0.5) * MASK_CELL,
      y: (y0 + Math.floor(cell / logits.width) + 0.5) * MASK_CELL,
      label: 1,
    })),
    mask: maskPrompt(patch),
  };
}

/** The guess as logits on the decoder's mask grid, round the cells that were asked: beyond, nothing is the object's. */
function guessLogits(guess: Grid, asked: CellBox, content: Size): Patch {
  const box = growBox(asked, CUBIC_REACH, guess);
  const coarse = cropGrid(guess, box);
  for (let cell = 0; cell < coarse.data.length; cell++) coarse.data[cell] = logOdds(coarse.data[cell] ?? 0);
  const fine = enlargeCubic(coarse, FACTOR);
  const { notObject } = TUNED;
  const [x0, y0] = [box.x0 * FACTOR, box.y0 * FACTOR];
  const inside = { width: content.width - x0, height: content.height - y0 };
  for (let y = 0, at = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++, at++) {
      const logit = x < inside.width && y < inside.height ? (fine.data[at] ?? 0) : notObject;
      fine.data[at] = Math.max(notObject, Math.min(-notObject, logit));
    }
  }
  return { ...fine, x0, y0 };
}

function logOdds(p: number): number {
  if (p <= 0) return TUNED.notObject;
  const clamped = Math.min(Math.max(p, TUNED.leastProbability), 1 - TUNED.leastProbability);
  return Math.log(clamped / (1 - clamped));
}

/** The guess's logits on the whole mask grid, as mask prompt. */
function maskPrompt({ data, width, height, x0, y0 }: Patch): Float32Array {
  const scale = TUNED.maskPromptScale;
  const mask = new Float32Array(MASK_SIDE * MASK_SIDE).fill(TUNED.notObject * scale);
  for (let y = 0, at = 0; y < height; y++) {
    let to = (y0 + y) * MASK_SIDE + x0;
    for (let x = 0; x < width; x++) mask[to++] = (data[at++] ?? 0) * scale;
  }
  return mask;
}

/** The guess's components that carry weight, as far as they lie near the heaviest one. */
function mainComponents(logits: Grid, { componentShare, around }: Kept): Grid<Uint8Array> {
  const { width, height } = logits;
  const data = new Uint8Array(logits.data.length);
  const leastLogit = objectLogit();
  for (let cell = 0; cell < data.length; cell++) if ((logits.data[cell] ?? 0) > leastLogit) data[cell] = 1;
  const { labels, count } = connectedComponents({ width, height, data });
  const mass = new Float64Array(count + 1);
  for (let cell = 0; cell < data.length; cell++) {
    const label = labels[cell] ?? 0;
    if (label > 0) mass[label] = (mass[label] ?? 0) + sigmoid(logits.data[cell] ?? 0);
  }
  const heaviest = Math.max(...mass);
  const massAt = (cell: number) => mass[labels[cell] ?? 0] ?? 0;
  const core = boundsAbove(
    { width, height, data: data.map((one, cell) => (massAt(cell) === heaviest ? one : 0)) },
    0,
  );
  const near = core && growBox(core, around ?? MASK_SIDE, logits);
  for (let cell = 0; cell < data.length; cell++) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    const isNear = near && x >= near.x0 && x < near.x1 && y >= near.y0 && y < near.y1;
    if (!isNear || massAt(cell) <= componentShare * heaviest) data[cell] = 0;
  }
  return { width, height, data };
}

/** Takes the likely cells that are not kept out of a guess. @param likely of the patch, what `kept` is of */
function leaveOut(patch: Patch, likely: CellBox, kept: Grid<Uint8Array>): void {
  const least = objectLogit();
  for (let cell = 0; cell < kept.data.length; cell++) {
    const at = (likely.y0 + Math.floor(cell / kept.width)) * patch.width + likely.x0 + (cell % kept.width);
    if (kept.data[cell] === 0 && (patch.data[at] ?? 0) > least) patch.data[at] = TUNED.notObject;
  }
}

/** Up to three cells deep inside the object and far from each other; the first is the deepest and surest. */
function innerCells(kept: Grid<Uint8Array>, logits: Grid): number[] {
  const { width } = kept;
  const worth = distanceTransform(kept);
  let area = 0;
  let best = 0;
  /** Cells that are sure enough for a further point. */
  const further: number[] = [];
  for (let cell = 0; cell < worth.length; cell++) {
    if (kept.data[cell] === 0) continue;
    area++;
    const probability = sigmoid(logits.data[cell] ?? 0);
    worth[cell] = (worth[cell] ?? 0) * probability;
    if ((worth[cell] ?? 0) > (worth[best] ?? 0)) best = cell;
    if (probability > TUNED.sure) further.push(cell);
  }
  const apart = TUNED.apart * Math.sqrt(area);
  const distance = (a: number, b: number) =>
    Math.hypot((a % width) - (b % width), Math.floor(a / width) - Math.floor(b / width));
  const chosen = [best];
  while (chosen.length < MAX_POINTS) {
    let next: number | undefined;
    for (const cell of further) {
      if (next !== undefined && (worth[cell] ?? 0) <= (worth[next] ?? 0)) continue;
      if (chosen.every((other) => distance(cell, other) >= apart)) next = cell;
    }
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
