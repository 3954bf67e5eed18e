import { encodeRle, type MaskRle } from '../../../../src/core/rle.ts';
import type { RgbaImage } from '../../../../src/core/frames.ts';
import type { Sam2Manifest } from '../../../models/sam2Manifest.ts';

/** A step of a fixture's run; written by `tools/export`, see its `scenario.py`. */
export type FixtureStep =
  | {
      readonly do: 'points';
      readonly object: number;
      readonly frame: number;
      /** In pixels of the video. */
      readonly points: readonly (readonly [x: number, y: number])[];
      /** 1 adds, 0 takes away, 2 and 3 are a box's corners. */
      readonly labels: readonly (0 | 1 | 2 | 3)[];
    }
  | {
      readonly do: 'mask';
      readonly object: number;
      readonly frame: number;
      readonly rectangle: readonly [x0: number, y0: number, x1: number, y1: number];
    }
  | { readonly do: 'read'; readonly frame: number; readonly point: readonly [x: number, y: number] }
  | { readonly do: 'run'; readonly frames: readonly number[]; readonly reverse: boolean };

/** What the reference made of one object on one frame, or of a click by one of the decoder's mask tokens: the `object`. */
export interface FixtureRecord {
  readonly step: number;
  readonly frame: number;
  readonly object: number;
  readonly stored: 'cond' | 'noncond' | 'reading';
  readonly present: boolean;
  readonly choice: string;
  readonly offset: number;
}

export interface FixtureRun {
  readonly name: string;
  readonly max_cond_frames: number;
  readonly steps: readonly FixtureStep[];
  readonly records: readonly FixtureRecord[];
}

export interface Reference {
  readonly file: string;
  readonly record: { readonly mask: readonly [number, number]; readonly obj_ptr: number };
  readonly input: { readonly frame: number; readonly offset: number; readonly shape: readonly number[] };
  readonly runs: readonly FixtureRun[];
  /** Whose bookkeeping the runs follow; that of transformers where left out. */
  readonly rules?: 'paper';
}

export interface FixtureClip {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
}

/** A tiny random model, a clip, and what the reference makes of it. `tools/export` writes them. */
export interface ParityFixture {
  readonly clip: FixtureClip;
  /** [frames, height, width, 3] */
  readonly rgb: Uint8Array;
  readonly manifest: Sam2Manifest;
  /** The model's files, by graph, and `constants`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly reference: Reference;
  readonly values: Float32Array;
}

/** A frame of the clip. @param rgb [frames, height, width, 3] */
export function frameOf(clip: FixtureClip, rgb: Uint8Array, index: number): RgbaImage {
  const pixels = clip.width * clip.height;
  const data = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let i = 0; i < pixels; i++) {
    const from = (index * pixels + i) * 3;
    data.set(rgb.subarray(from, from + 3), i * 4);
  }
  return { width: clip.width, height: clip.height, data };
}

/** The mask of the pixels from x0 to before x1, y0 to before y1. */
export function rectangleMask(
  { width, height }: FixtureClip,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): MaskRle {
  const mask = new Uint8Array(width * height);
  for (let y = y0; y < y1; y++) mask.fill(1, y * width + x0, y * width + x1);
  return encodeRle(mask, { width, height });
}
