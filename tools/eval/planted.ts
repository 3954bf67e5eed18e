import type { VideoBox } from '../../src/core/geometry.ts';
import { decodeRle, encodeRle, rleBounds, type MaskRle } from '../../src/core/rle.ts';
import { distanceTransform } from '../../workers/tracker/masks/shape.ts';
import { hashOf } from '../node/contentHash.ts';
import { UsageError } from '../node/usage.ts';
import type { EvalClip } from './clips.ts';
import {
  changedFrames,
  copyOf,
  maskOf,
  unchanged,
  withoutTwin,
  type PaintedFrame,
  type Painter,
} from './painting.ts';
import { cross, keepBeside, overtake } from './twins.ts';

/**
 * Trials that ordinary clips do not hold, planted into them: a panel covers the object, a pole passes before it, the object is cut
 * out, a copy of it (a twin) moves beside it, comes across its path, or overtakes it. See docs/quality.md.
 */
export const PLANTED = ['cover', 'pole', 'cut', 'twin', 'cross', 'overtake'] as const;
export type Planted = (typeof PLANTED)[number];
/** Those with a twin. */
export const TWINS = ['twin', 'cross', 'overtake'] as const satisfies readonly Planted[];

/** Frames that a cover or a cut lasts, in the middle of the clip. */
const AWAY_FRAMES = 15;
/** Frames in which a panel comes down, and in which it goes up again. */
const SLIDE_FRAMES = 3;
/** How far the panel reaches beyond the object's box, as a share of its sides. */
const PANEL_MARGIN = 0.1;
/** A pole's width, and how far its middle is from the object's on the first frame: shares of the object's width. */
const POLE = { width: 0.2, away: 0.7 } as const;
/** Pixels round the object that are cut out with it: its soft edge and the shadow next to it. */
const CUT_MARGIN = 6;

/** A clip with a trial in it. Its truth is the visible part of the object. */
export interface PlantedClip extends EvalClip {
  /** The object as if nothing hid it; by frame. */
  readonly whole: readonly MaskRle[];
  /** The visible part of the twin; by frame. */
  readonly twin: readonly MaskRle[];
  /** The twin as if nothing hid it; by frame. */
  readonly wholeTwin: readonly MaskRle[];
}

/**
 * The clip with a trial planted in it, the same every time. Frames are changed as they are read. Whether a twin is in front of
 * the object or behind it depends on the clip's name.
 * @throws UsageError if the clip is too short for it.
 */
export function plantTrial(clip: EvalClip, kind: Planted): PlantedClip {
  const frames = clip.truth.length;
  if (frames < AWAY_FRAMES + 10) {
    throw new UsageError(
      `A planted trial needs at least ${AWAY_FRAMES + 10} frames; ${clip.name} has ${frames}.`,
    );
  }
  const painter = PAINTERS[kind](clip);
  const painted = clip.truth.map((_, frame) => painter(frame));
  const encoded = (part: 'visible' | 'twin' | 'wholeTwin') =>
    painted.map((frame) => encodeRle(frame[part], clip.first));
  const truth = encoded('visible');
  return {
    // The changed frames depend on the number of frames too.
    name: `${clip.name}+${kind}-${frames}`,
    content: hashOf(clip.content, ...clip.truth.map(({ counts }) => counts.join())),
    source: changedFrames(clip.source, (image, index) => painter(index).paint(image)),
    truth,
    first: truth[0] ?? clip.first,
    whole: clip.truth,
    twin: encoded('twin'),
    wholeTwin: encoded('wholeTwin'),
  };
}

const PAINTERS: Readonly<Record<Planted, (clip: EvalClip) => Painter>> = {
  cover: ({ truth }) => {
    const start = awayStart(truth.length);
    return (frame) => {
      const mask = maskOf(truth, frame);
      const box = rleBounds(mask);
      const elapsed = frame - start;
      if (!box || elapsed < 0 || elapsed >= AWAY_FRAMES) return unchanged(mask);
      const down = Math.min(1, (elapsed + 1) / SLIDE_FRAMES, (AWAY_FRAMES - elapsed) / SLIDE_FRAMES);
      return cover(mask, panelBox(box, down));
    };
  },
  pole: ({ truth }) => {
    const last = truth.length - 1;
    return (frame) => {
      const mask = maskOf(truth, frame);
      const box = rleBounds(mask);
      return box ? cover(mask, poleBox(box, mask.height, frame / last)) : unchanged(mask);
    };
  },
  cut: ({ truth }) => {
    const start = awayStart(truth.length);
    return (frame) => {
      const mask = maskOf(truth, frame);
      const away = frame >= start && frame < start + AWAY_FRAMES;
      return away ? cut(mask) : unchanged(mask);
    };
  },
  twin: keepBeside,
  cross,
  overtake,
};

/** The first frame of a cover or cut. */
function awayStart(frames: number): number {
  return Math.floor((frames - AWAY_FRAMES) / 2);
}

/** The part of a panel over the object that has come down. */
function panelBox({ x0, y0, x1, y1 }: VideoBox, down: number): VideoBox {
  const [marginX, marginY] = [PANEL_MARGIN * (x1 - x0), PANEL_MARGIN * (y1 - y0)];
  const top = y0 - marginY;
  return { x0: x0 - marginX, x1: x1 + marginX, y0: top, y1: top + down * (y1 - y0 + 2 * marginY) };
}

/** A pole as high as the frame that goes past the object, from its right to its left, at a time of the clip, 0 to 1. */
function poleBox({ x0, x1 }: VideoBox, height: number, time: number): VideoBox {
  const width = x1 - x0;
  const middle = (x0 + x1) / 2 + POLE.away * width * (1 - 2 * time);
  const half = (POLE.width / 2) * width;
  return { x0: middle - half, x1: middle + half, y0: 0, y1: height };
}

function cover(mask: MaskRle, panel: VideoBox): PaintedFrame {
  const visible = decodeRle(mask);
  const under: number[] = [];
  for (let at = 0; at < visible.length; at++) {
    const x = (at % mask.width) + 0.5;
    const y = Math.floor(at / mask.width) + 0.5;
    if (x > panel.x0 && x < panel.x1 && y > panel.y0 && y < panel.y1) under.push(at);
  }
  for (const at of under) visible[at] = 0;
  return {
    ...withoutTwin(visible),
    paint: (from) => {
      const image = copyOf(from);
      for (const at of under) {
        const u = Math.floor(((at % mask.width) - panel.x0) / 12);
        const v = Math.floor((Math.floor(at / mask.width) - panel.y1) / 12);
        // A patchwork of browns that moves with the panel.
        const shade = 70 + ((u * 73 + v * 151 + u * v * 17) & 63) + ((at * 7) & 7);
        image.data.set([shade + 20, shade, shade - 25, 255], at * 4);
      }
      return image;
    },
  };
}

/** The object's place filled, row by row, with the ground beside it: mirrored from both sides, one fading into the other. */
function cut(mask: MaskRle): PaintedFrame {
  const { width, height } = mask;
  const object = decodeRle(mask);
  const toObject = distanceTransform({ width, height, data: object.map((value) => 1 - value) });
  const hole = object.map((value, at) => (value !== 0 || (toObject[at] ?? 0) <= CUT_MARGIN ? 1 : 0));
  return {
    ...withoutTwin(new Uint8Array(object.length)),
    paint: (from) => {
      const image = copyOf(from);
      for (let y = 0; y < height; y++) {
        for (const { start, end } of runs(hole, y * width, width)) {
          const left = groundBeside(hole, y * width, start - 1, -1, width);
          const right = groundBeside(hole, y * width, end, 1, width);
          for (let x = start; x < end; x++) {
            const a = left.length > 0 ? left[bounce(x - start, left.length)] : undefined;
            const b = right.length > 0 ? right[bounce(end - 1 - x, right.length)] : undefined;
            const share = a === undefined ? 1 : b === undefined ? 0 : (x - start + 0.5) / (end - start);
            const [p, q] = [a ?? b ?? 0, b ?? a ?? 0];
            for (let c = 0; c < 3; c++) {
              const mixed =
                (1 - share) * (from.data[(y * width + p) * 4 + c] ?? 0) +
                share * (from.data[(y * width + q) * 4 + c] ?? 0);
              image.data[(y * width + x) * 4 + c] = mixed;
            }
          }
        }
      }
      return image;
    },
  };
}

/** The runs of set pixels in the row that starts at `row`: columns, the end exclusive. */
function runs(pixels: Uint8Array, row: number, width: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let x = 0; x < width; x++) {
    if (pixels[row + x] === 0) continue;
    const start = x;
    while (x < width && pixels[row + x] !== 0) x++;
    found.push({ start, end: x });
  }
  return found;
}

/** The columns of ground from `x` on in the direction of `step`, up to the next hole. */
function groundBeside(hole: Uint8Array, row: number, x: number, step: 1 | -1, width: number): number[] {
  const columns: number[] = [];
  for (; x >= 0 && x < width && hole[row + x] === 0; x += step) columns.push(x);
  return columns;
}

/** 0, 1, …, length − 1, length − 1, …, 1, 0, 0, 1, … */
function bounce(step: number, length: number): number {
  const at = step % (2 * length);
  return at < length ? at : 2 * length - 1 - at;
}
