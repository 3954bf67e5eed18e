import type { RgbaImage } from '../../src/core/frames.ts';
import { decodeRle, rleBounds, type MaskRle } from '../../src/core/rle.ts';
import type { EvalClip } from './clips.ts';
import { copyOf, maskOf, unchanged, type PaintedFrame, type Painter } from './painting.ts';

/** Twin and object lie this much farther apart than they would if they touched. */
const TWIN_GAP = 1.05;
/** A twin is made smaller to fit beside the object, but not smaller than this. */
const SMALLEST_TWIN = 0.75;
/** A crossing twin walks lower in front of the object, or higher behind it, by this share of the object's height. */
const CROSSING_LANE = 0.15;
/** The part of the clip in which a twin overtakes; before and after it keeps beside the object. */
const OVERTAKING = { from: 0.3, to: 0.6 } as const;

/** A twin that keeps beside the object. */
export function keepBeside(clip: EvalClip): Painter {
  const { distance, scale } = twinPlace(clip);
  const pose = { dx: distance, dy: 0, scale, mirrored: false, front: inFront(clip) };
  return (frame) => pasteTwin(maskOf(clip.truth, frame), pose);
}

/** A mirrored twin that goes from one side of the object to the other, all the clip long. */
export function cross(clip: EvalClip): Painter {
  return goPast(clip, { mirrored: true, front: inFront(clip), side: 1, progress: (time) => time });
}

/** A twin that comes from the other side than one that crosses, goes past the object quickly, and then keeps beside it. */
export function overtake(clip: EvalClip): Painter {
  const { from, to } = OVERTAKING;
  return goPast(clip, {
    mirrored: false,
    front: !inFront(clip),
    side: -1,
    progress: (time) => Math.min(1, Math.max(0, (time - from) / (to - from))),
  });
}

interface Passage {
  readonly mirrored: boolean;
  readonly front: boolean;
  /** 1 where the twin comes from the side with more room, −1 where from the other. */
  readonly side: 1 | -1;
  /** How much of its way the twin has gone, 0 to 1, at a time of the clip, 0 to 1. */
  readonly progress: (time: number) => number;
}

function goPast(clip: EvalClip, { mirrored, front, side, progress }: Passage): Painter {
  const { distance, scale } = twinPlace(clip);
  const last = clip.truth.length - 1;
  return (frame) => {
    const mask = maskOf(clip.truth, frame);
    const box = rleBounds(mask);
    const lane = (front ? 1 : -1) * CROSSING_LANE * (box ? box.y1 - box.y0 : 0);
    const dx = side * distance * (1 - 2 * progress(frame / last));
    return pasteTwin(mask, { dx, dy: lane, scale, mirrored, front });
  };
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
  return Array.from(name, (letter) => letter.charCodeAt(0)).reduce((sum, code) => sum + code, 0) % 2 === 0;
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
  const wholeTwin = new Uint8Array(object.length);
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
      if (!inside || object[row * width + column] === 0) continue;
      wholeTwin[at] = 1;
      if (!front && object[at] !== 0) continue;
      twin[at] = 1;
      visible[at] = 0;
    }
  }
  return {
    ...{ visible, twin, wholeTwin },
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

/** A picture's value between its pixels; beyond its edges, that of the nearest pixel. */
export function bilinear({ data, width, height }: RgbaImage, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const value = (column: number, row: number) => {
    const [cx, cy] = [Math.min(Math.max(column, 0), width - 1), Math.min(Math.max(row, 0), height - 1)];
    return data[(cy * width + cx) * 4 + channel] ?? 0;
  };
  const above = value(left, top) + (x - left) * (value(left + 1, top) - value(left, top));
  const below = value(left, top + 1) + (x - left) * (value(left + 1, top + 1) - value(left, top + 1));
  return above + (y - top) * (below - above);
}
