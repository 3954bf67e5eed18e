import { encodeColumns, type MaskRle } from '../../src/core/rle.ts';

/** A clip of a square that swings to and fro: small, so that an hour of it is exported within minutes. */
export const LONG_CLIP = { width: 320, height: 180, rate: 5, minutes: 60 } as const;

/** Seconds after which the square is where it was. */
export const SWING = 6;

export const SQUARE = { side: 60, left: 130, top: 60, swing: 100 } as const;

/** The square's masks, of the frames of one swing. */
export function swingMasks(): MaskRle[] {
  const { side, left, top, swing } = SQUARE;
  return Array.from({ length: SWING * LONG_CLIP.rate }, (_, frame) => {
    const from = Math.round(left + swing * Math.sin((2 * Math.PI * frame) / LONG_CLIP.rate / SWING));
    return encodeColumns(LONG_CLIP, (x, column) => {
      column.fill(0);
      if (x >= from && x < from + side) column.fill(1, top, top + side);
    });
  });
}

/** An export that is measured. */
export interface VideoOrderOfBench {
  readonly look: 'overlay' | 'color';
  /** Whether edges are soft, smooth and steady. */
  readonly isSoft: boolean;
}

/** How far an export is. */
export interface VideoProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}
