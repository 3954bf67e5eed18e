import type { Frame, FrameSource, RgbaImage } from '../../src/core/frames.ts';
import type { VideoBox } from '../../src/core/geometry.ts';
import { decodeRle, encodeRle, rleBounds, type MaskRle } from '../../src/core/rle.ts';
import { distanceTransform } from '../../workers/tracker/shape.ts';
import { UsageError } from '../node/usage.ts';
import type { EvalClip } from './clips.ts';

/**
 * Trials that ordinary clips do not hold, planted into them: a panel covers the object, the object is cut out, a copy of it (a
 * twin) moves beside it, or comes across its path. See docs/quality.md.
 */
export const PLANTED = ['cover', 'cut', 'twin', 'cross'] as const;
export type Planted = (typeof PLANTED)[number];

/** Frames that a cover or a cut lasts, in the middle of the clip. */
const AWAY_FRAMES = 15;
/** Frames in which a panel comes down, and in which it goes up again. */
const SLIDE_FRAMES = 3;
/** How far the panel reaches beyond the object's box, as a share of its sides. */
const PANEL_MARGIN = 0.1;
/** Pixels round the object that are cut out with it: its soft edge and the shadow next to it. */
const CUT_MARGIN = 6;
/** Twin and object lie this much farther apart than they would if they touched. */
const TWIN_GAP = 1.05;
/** A twin is made smaller to fit beside the object, but not smaller than this. */
const SMALLEST_TWIN = 0.75;
/** A crossing twin walks lower in front of the object, or higher behind it, by this share of the object's height. */
const CROSSING_LANE = 0.15;

/** A clip with a trial in it. Its truth is the visible part of the object. */
export interface PlantedClip extends EvalClip {
  /** The object as if nothing hid it; by frame. */
  readonly whole: readonly MaskRle[];
  /** The visible part of the twin; by frame. */
  readonly twin: readonly MaskRle[];
}

/** What a trial makes of one frame: all pixels row-major. */
interface PaintedFrame {
  readonly visible: Uint8Array;
  readonly twin: Uint8Array;
  paint(from: RgbaImage): RgbaImage;
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
  const truth = painted.map(({ visible }, frame) => encodeRle(visible, clip.truth[frame] ?? clip.first));
  return {
    // The changed frames depend on the number of frames too.
    name: `${clip.name}+${kind}-${frames}`,
    source: changedFrames(clip.source, (image, index) => painter(index).paint(image)),
    truth,
    first: truth[0] ?? clip.first,
    whole: clip.truth,
    twin: painted.map(({ twin }, frame) => encodeRle(twin, clip.truth[frame] ?? clip.first)),
  };
}

type Painter = (frame: number) => PaintedFrame;

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
  cut: ({ truth }) => {
    const start = awayStart(truth.length);
    return (frame) => {
      const mask = maskOf(truth, frame);
      const away = frame >= start && frame < start + AWAY_FRAMES;
      return away ? cut(mask) : unchanged(mask);
    };
  },
  twin: (clip) => {
    const { distance, scale } = twinPlace(clip);
    return (frame) =>
      pasteTwin(maskOf(clip.truth, frame), {
        dx: distance,
        dy: 0,
        scale,
        mirrored: false,
        front: inFront(clip),
      });
  },
  cross: (clip) => {
    const { distance, scale } = twinPlace(clip);
    const last = clip.truth.length - 1;
    const front = inFront(clip);
    return (frame) => {
      const mask = maskOf(clip.truth, frame);
      const box = rleBounds(mask);
      const lane = (front ? 1 : -1) * CROSSING_LANE * (box ? box.y1 - box.y0 : 0);
      const dx = distance * (1 - (2 * frame) / last);
      return pasteTwin(mask, { dx, dy: lane, scale, mirrored: true, front });
    };
  },
};

/** @throws RangeError if there is no such frame. */
export function maskOf(masks: readonly MaskRle[], frame: number): MaskRle {
  const mask = masks[frame];
  if (!mask) throw new RangeError(`There is no frame ${frame} in a clip of ${masks.length}.`);
  return mask;
}

/** The first frame of a cover or cut. */
function awayStart(frames: number): number {
  return Math.floor((frames - AWAY_FRAMES) / 2);
}

function unchanged(mask: MaskRle): PaintedFrame {
  return {
    visible: decodeRle(mask),
    twin: new Uint8Array(mask.width * mask.height),
    paint: (image) => image,
  };
}

/** The part of a panel over the object that has come down. */
function panelBox({ x0, y0, x1, y1 }: VideoBox, down: number): VideoBox {
  const [marginX, marginY] = [PANEL_MARGIN * (x1 - x0), PANEL_MARGIN * (y1 - y0)];
  const top = y0 - marginY;
  return { x0: x0 - marginX, x1: x1 + marginX, y0: top, y1: top + down * (y1 - y0 + 2 * marginY) };
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
    visible,
    twin: new Uint8Array(visible.length),
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
    visible: new Uint8Array(object.length),
    twin: new Uint8Array(object.length),
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

/** Where a twin has room: its distance from the object's middle, negative to the left, and its size. */
function twinPlace({ truth, source }: EvalClip): { distance: number; scale: number } {
  const boxes = truth.flatMap((mask) => rleBounds(mask) ?? []);
  const left = Math.min(...boxes.map(({ x0 }) => x0));
  const right = source.info.width - Math.max(...boxes.map(({ x1 }) => x1));
  const widest = Math.max(...boxes.map(({ x0, x1 }) => x1 - x0));
  const scale = Math.min(1, Math.max(SMALLEST_TWIN, left / widest, right / widest));
  return { distance: (left > right ? -1 : 1) * TWIN_GAP * ((1 + scale) / 2) * widest, scale };
}

function inFront({ name }: EvalClip): boolean {
  return [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 2 === 0;
}

interface TwinPose {
  /** From the object to the twin, in video pixels. */
  readonly dx: number;
  readonly dy: number;
  readonly scale: number;
  readonly mirrored: boolean;
  /** Whether it hides the object where they overlap, or the object hides it. */
  readonly front: boolean;
}

/** A copy of the object beside it, both standing on the same ground. */
function pasteTwin(mask: MaskRle, { dx, dy, scale, mirrored, front }: TwinPose): PaintedFrame {
  const box = rleBounds(mask);
  if (!box) return unchanged(mask);
  const { width, height } = mask;
  const object = decodeRle(mask);
  const visible = object.slice();
  const twin = new Uint8Array(object.length);
  const middle = (box.x0 + box.x1) / 2;
  /** Where a pixel of the twin comes from. */
  const origin = (x: number, y: number) => ({
    x: middle + ((mirrored ? -1 : 1) * (x + 0.5 - middle - dx)) / scale - 0.5,
    y: box.y1 + (y + 0.5 - box.y1 - dy) / scale - 0.5,
  });
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const from = origin(x, y);
      const [column, row] = [Math.round(from.x), Math.round(from.y)];
      const inside = column >= 0 && column < width && row >= 0 && row < height;
      if (!inside || object[row * width + column] === 0 || (!front && object[at] !== 0)) continue;
      twin[at] = 1;
      visible[at] = 0;
    }
  }
  return {
    visible,
    twin,
    paint: (from) => {
      const image = copyOf(from);
      twin.forEach((value, at) => {
        if (value === 0) return;
        const { x, y } = origin(at % width, Math.floor(at / width));
        for (let c = 0; c < 3; c++) image.data[at * 4 + c] = bilinear(from, x, y, c);
      });
      return image;
    },
  };
}

function bilinear({ data, width, height }: RgbaImage, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const value = (column: number, row: number) => {
    const [cx, cy] = [Math.min(Math.max(column, 0), width - 1), Math.min(Math.max(row, 0), height - 1)];
    return data[(cy * width + cx) * 4 + channel] ?? 0;
  };
  const above = value(left, top) + (x - left) * (value(left + 1, top) - value(left, top));
  const below = value(left, top + 1) + (x - left) * (value(left + 1, top + 1) - value(left, top + 1));
  return above + (y - top) * (below - above);
}

function copyOf(image: RgbaImage): RgbaImage {
  return { ...image, data: image.data.slice() };
}

/** A source whose frames are changed as they are read. */
function changedFrames(
  source: FrameSource,
  change: (image: RgbaImage, index: number) => RgbaImage,
): FrameSource {
  const changed = (frame: Frame): Frame => ({
    index: frame.index,
    pixels: async () => change(await frame.pixels(), frame.index),
    close: () => frame.close(),
  });
  return {
    info: source.info,
    frame: async (index, signal) => changed(await source.frame(index, signal)),
    async *frames(from, to, signal) {
      for await (const frame of source.frames(from, to, signal)) yield changed(frame);
    },
    dispose: () => source.dispose(),
  };
}
