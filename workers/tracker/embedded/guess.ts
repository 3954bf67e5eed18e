import type { Size } from '../../../src/core/geometry.ts';
import { boundsAbove, enlargeCubic, type Grid } from '../grid.ts';
import { connectedComponents, distanceTransform } from '../shape.ts';
import { MASK_CELL, MASK_SIDE, type DecoderPrompts } from './decoder.ts';

/** Logit of a cell that is surely not the object's. */
export const NOT_OBJECT = -6;
/** Probabilities are held this far from certainty. */
export const LEAST_PROBABILITY = 0.02;
/** A guess this probable counts as object: below one half, so that a mask does not shrink to a part. */
export const OBJECT_LOGIT = Math.log(0.35 / 0.65);
/** Components of less than this share of the largest one's mass are left out. */
export const COMPONENT_SHARE = 0.1;
export const SMALLEST_GUESS = 4;
export const BOX_PADDING = 0.03;
export const MAX_POINTS = 3;
/** The second and third point lie only where the guess is this sure. */
export const SURE = 0.9;
/** A further point is at least this far inside the guess, in mask cells. */
export const POINT_DEPTH = 3;
/** Points are so many mask cells apart, and at least this share of the side of a square of the guess's area. */
export const LEAST_APART = 6;
export const APART = 0.35;
/** The guess's logits as the decoder's mask prompt. */
export const MASK_PROMPT_SCALE = 8 / 6;

/** Prompts that always bring the guess along as mask. */
export type GuessPrompts = DecoderPrompts & { readonly mask: Float32Array };

/**
 * Turns a guess (probabilities on the feature grid) into prompts for the decoder: a box, points well inside, and the guess
 * itself as mask prompt. `null` if nothing is found.
 *
 * @param content the part of the decoder's 256×256 mask grid that the frame covers
 */
export function promptsFromGuess(guess: Grid, content: Size): GuessPrompts | null {
  const logits = guessLogits(guess, content);
  const kept = mainComponents(logits);
  const bounds = kept && boundsAbove(kept, 0);
  if (!bounds) return null;
  const padX = (bounds.x1 - bounds.x0) * BOX_PADDING;
  const padY = (bounds.y1 - bounds.y0) * BOX_PADDING;
  return {
    box: {
      x0: Math.max(0, bounds.x0 - padX) * MASK_CELL,
      y0: Math.max(0, bounds.y0 - padY) * MASK_CELL,
      x1: Math.min(content.width, bounds.x1 + padX) * MASK_CELL,
      y1: Math.min(content.height, bounds.y1 + padY) * MASK_CELL,
    },
    points: innerCells(kept, logits).map((cell) => ({
      x: ((cell % MASK_SIDE) + 0.5) * MASK_CELL,
      y: (Math.floor(cell / MASK_SIDE) + 0.5) * MASK_CELL,
      label: 1,
    })),
    mask: logits.data.map((logit) => logit * MASK_PROMPT_SCALE),
  };
}

/** The guess as logits on the decoder's mask grid. */
function guessLogits(guess: Grid, content: Size): Grid {
  const coarse = guess.data.map((p) => {
    if (p <= 0) return NOT_OBJECT;
    const clamped = Math.min(Math.max(p, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
    return Math.log(clamped / (1 - clamped));
  });
  const fine = enlargeCubic({ ...guess, data: coarse }, MASK_SIDE / 64);
  const logits = new Float32Array(MASK_SIDE * MASK_SIDE).fill(NOT_OBJECT);
  for (let y = 0; y < Math.min(content.height, fine.height); y++) {
    for (let x = 0; x < Math.min(content.width, fine.width); x++) {
      logits[y * MASK_SIDE + x] = Math.max(
        NOT_OBJECT,
        Math.min(-NOT_OBJECT, fine.data[y * fine.width + x] ?? 0),
      );
    }
  }
  return { data: logits, width: MASK_SIDE, height: MASK_SIDE };
}

/** The guess's components that carry weight, or `null` if there is nothing to speak of. */
function mainComponents(logits: Grid): Grid<Uint8Array> | null {
  // Loops where a map would do: this is done for each object and frame, and Uint8Array.from takes ten times as long.
  const likely = new Uint8Array(logits.data.length);
  for (let cell = 0; cell < likely.length; cell++)
    if ((logits.data[cell] ?? 0) > OBJECT_LOGIT) likely[cell] = 1;
  const { labels, count } = connectedComponents({ ...logits, data: likely });
  const mass = new Float64Array(count + 1);
  labels.forEach((label, i) => {
    if (label > 0) mass[label] = (mass[label] ?? 0) + sigmoid(logits.data[i] ?? 0);
  });
  const heaviest = Math.max(0, ...mass);
  const data = new Uint8Array(labels.length);
  let area = 0;
  for (let cell = 0; cell < data.length; cell++) {
    const label = labels[cell] ?? 0;
    if (label === 0 || (mass[label] ?? 0) <= COMPONENT_SHARE * heaviest) continue;
    data[cell] = 1;
    area++;
  }
  return area < SMALLEST_GUESS ? null : { ...logits, data };
}

/** Up to three cells deep inside the object and far from each other; the first is the deepest and surest. */
function innerCells(kept: Grid<Uint8Array>, logits: Grid): number[] {
  const depth = distanceTransform(kept);
  const area = kept.data.reduce((sum, cell) => sum + cell, 0);
  const apart = Math.max(LEAST_APART, APART * Math.sqrt(area));
  const worth = depth.map((d, cell) => (d > 0 ? d * sigmoid(logits.data[cell] ?? 0) : 0));
  const chosen = [argMax(worth)];
  while (chosen.length < MAX_POINTS) {
    const left = worth.map((value, cell) => {
      if (value < POINT_DEPTH) return 0;
      const sure = sigmoid(logits.data[cell] ?? 0) > SURE;
      const far = chosen.every((other) => cellDistance(cell, other) >= apart);
      return sure && far ? value : 0;
    });
    const next = argMax(left);
    if ((left[next] ?? 0) < POINT_DEPTH) break;
    chosen.push(next);
  }
  return chosen;
}

function cellDistance(a: number, b: number): number {
  return Math.hypot((a % MASK_SIDE) - (b % MASK_SIDE), Math.floor(a / MASK_SIDE) - Math.floor(b / MASK_SIDE));
}

function argMax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
