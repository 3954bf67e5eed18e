import { letterbox, type ModelFit, type Size } from '../../../src/core/geometry.ts';
import { CELL, INPUT_SIDE } from './features.ts';

/** The whole square that a frame is fitted into, in model pixels. */
export const WHOLE: Size = { width: INPUT_SIDE, height: INPUT_SIDE };

/**
 * Whole windows of the encoder's attention (of 14 cells): what is needed of the square for a frame of 16:9, or of anything
 * wider, and for one of 9:16, or of anything narrower.
 */
export const PART_CELLS = 3 * 14;
const PART = PART_CELLS * CELL;
export const PARTS: readonly Size[] = [
  { width: INPUT_SIDE, height: PART },
  { width: PART, height: INPUT_SIDE },
];

/** Padding that a part must have behind the frame: nearer to it, the encoder makes something of its own of each frame's padding. */
const LEAST_PADDING = 64;

/** A shape as graphs' files name it. */
export function shapeName({ width, height }: Size): string {
  return `${width}x${height}`;
}

/**
 * How a frame lies in the square, and the part of that which the encoder is given: most padding is the same in every frame, so that the
 * graphs have it as constants.
 */
export function fitFrame(video: Size): ModelFit {
  const fit = letterbox(video, INPUT_SIDE);
  const isEnough = (length: number, part: number) => part === INPUT_SIDE || length <= part - LEAST_PADDING;
  const { width, height } = fit.content;
  const part = PARTS.find((each) => isEnough(width, each.width) && isEnough(height, each.height));
  return { ...fit, input: part ?? WHOLE };
}
