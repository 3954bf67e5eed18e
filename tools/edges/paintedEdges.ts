import type { RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import { encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { randomFrom } from '../hostile/random.ts';

/** What the edge of a painted object is like. */
export const EDGE_KINDS = ['fur', 'hair', 'blur'] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** A painted object of which is known how much of each pixel it covers. */
export interface PaintedEdge {
  readonly picture: RgbaImage;
  /** 0 to 255, row by row. */
  readonly alpha: Uint8Array;
  /** The object's own colours, also where it is not: red, green, blue of each pixel, 0 to 255. */
  readonly foreground: Float32Array;
  /** What a model would give: the object on a grid of 256 cells a side, enlarged to the frame, and cut at one half. */
  readonly mask: MaskRle;
}

/** Samples for each pixel, each way. */
const SAMPLES = 4;
const GRID = 256;

/**
 * Paints a disc before a background, both of soft spots of colour.
 * @param kind fur: many short hairs; hair: few long ones; blur: it moves
 * @param frames of the same size, whose colours object and background have instead
 */
export function paintEdge(
  kind: EdgeKind,
  seed: number,
  size: Size,
  frames?: readonly [object: RgbaImage, ground: RgbaImage],
): PaintedEdge {
  const random = randomFrom(seed);
  const fine = { width: size.width * SAMPLES, height: size.height * SAMPLES };
  const covered = new Uint8Array(fine.width * fine.height);
  const radius = fine.height * 0.28;
  const [cx, cy] = [fine.width / 2, fine.height / 2];
  disc(covered, fine, cx, cy, radius);
  const hairs = kind === 'fur' ? 900 : kind === 'hair' ? 60 : 0;
  for (let i = 0; i < hairs; i++) {
    const angle = random() * 2 * Math.PI;
    const length = fine.height * (kind === 'fur' ? 0.02 + 0.04 * random() : 0.06 + 0.1 * random());
    const bend = (random() - 0.5) * 1.2;
    const thickness = SAMPLES * (0.5 + random());
    for (let step = 0; step <= length; step++) {
      const at = angle + (bend * step) / (length + radius);
      const from = radius - SAMPLES + step;
      disc(
        covered,
        fine,
        cx + from * Math.cos(at),
        cy + from * Math.sin(at),
        thickness * (1 - step / length) + 0.5,
      );
    }
  }
  let share = mean(covered, fine, size);
  if (kind === 'blur') share = moved(share, size, Math.round(size.width * 0.04));
  const object = frames ? colorsOfFrame(frames[0]) : texture(random, size);
  const ground = frames ? colorsOfFrame(frames[1]) : texture(random, size);
  const data = new Uint8ClampedArray(size.width * size.height * 4);
  for (let at = 0; at < share.length; at++) {
    const part = share[at] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      data[at * 4 + channel] =
        part * (object[at * 3 + channel] ?? 0) + (1 - part) * (ground[at * 3 + channel] ?? 0);
    }
    data[at * 4 + 3] = 255;
  }
  return {
    picture: { ...size, data },
    alpha: Uint8Array.from(share, (part) => Math.round(255 * part)),
    foreground: object,
    mask: onGrid(share, size),
  };
}

/** A disc before a background, both gray with grain, for measuring time. @param radius in pixels */
export function paintDisc(
  size: Size,
  radius: number,
): { readonly mask: MaskRle; readonly picture: RgbaImage } {
  const random = randomFrom(1);
  const pixels = new Uint8Array(size.width * size.height);
  disc(pixels, size, size.width / 2, size.height / 2, radius);
  const data = new Uint8ClampedArray(pixels.length * 4);
  pixels.forEach((value, at) => data.fill(60 + 120 * value + 20 * random(), at * 4, at * 4 + 4));
  return { mask: encodeRle(pixels, size), picture: { ...size, data } };
}

function disc(covered: Uint8Array, { width, height }: Size, cx: number, cy: number, radius: number): void {
  for (let y = Math.max(0, Math.floor(cy - radius)); y <= Math.min(height - 1, cy + radius); y++) {
    const half = Math.sqrt(Math.max(0, radius * radius - (y - cy) ** 2));
    const [from, to] = [Math.max(0, Math.floor(cx - half)), Math.min(width - 1, Math.floor(cx + half))];
    covered.fill(1, y * width + from, y * width + to + 1);
  }
}

function mean(fine: Uint8Array, { width }: Size, size: Size): Float32Array {
  const result = new Float32Array(size.width * size.height);
  for (let y = 0, at = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++, at++) {
      let sum = 0;
      for (let dy = 0; dy < SAMPLES; dy++)
        for (let dx = 0; dx < SAMPLES; dx++) sum += fine[(y * SAMPLES + dy) * width + x * SAMPLES + dx] ?? 0;
      result[at] = sum / (SAMPLES * SAMPLES);
    }
  return result;
}

/** The mean over places along a line. */
function moved(share: Float32Array, { width }: Size, length: number): Float32Array {
  return share.map((_, at) => {
    let sum = 0;
    for (let step = 0; step < length; step++) {
      const x = (at % width) + step - Math.floor(length / 2);
      sum += x < 0 || x >= width ? 0 : (share[at - (at % width) + x] ?? 0);
    }
    return sum / length;
  });
}

/** Colours of soft spots and grain round one colour: three values a pixel, 0 to 255. */
function texture(random: () => number, { width, height }: Size): Float32Array {
  const base = [random() * 200 + 30, random() * 200 + 30, random() * 200 + 30];
  const waves = Array.from({ length: 6 }, () => ({
    fx: (random() - 0.5) * 0.12,
    fy: (random() - 0.5) * 0.12,
    phase: random() * 6.3,
    strength: base.map(() => (random() - 0.5) * 30),
  }));
  const colors = new Float32Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const grain = (random() - 0.5) * 10;
      for (let channel = 0; channel < 3; channel++) {
        let value = (base[channel] ?? 0) + grain;
        for (const { fx, fy, phase, strength } of waves)
          value += (strength[channel] ?? 0) * Math.sin(fx * x + fy * y + phase);
        colors[at * 3 + channel] = Math.min(255, Math.max(0, value));
      }
    }
  return colors;
}

/** Three values a pixel, 0 to 255. */
function colorsOfFrame({ data }: RgbaImage): Float32Array {
  return Float32Array.from(data.filter((_, at) => at % 4 < 3));
}

function onGrid(share: Float32Array, size: Size): MaskRle {
  const { width, height } = size;
  const cell = Math.max(width, height) / GRID;
  const [columns, rows] = [Math.ceil(width / cell), Math.ceil(height / cell)];
  const sums = new Float32Array(columns * rows);
  const counts = new Float32Array(columns * rows);
  share.forEach((value, at) => {
    const to = Math.floor(Math.floor(at / width) / cell) * columns + Math.floor((at % width) / cell);
    sums[to] = (sums[to] ?? 0) + value;
    counts[to] = (counts[to] ?? 0) + 1;
  });
  const at = (x: number, y: number) => {
    const to = Math.min(rows - 1, Math.max(0, y)) * columns + Math.min(columns - 1, Math.max(0, x));
    return (sums[to] ?? 0) / (counts[to] ?? 1);
  };
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [gx, gy] = [(x + 0.5) / cell - 0.5, (y + 0.5) / cell - 0.5];
      const [x0, y0] = [Math.floor(gx), Math.floor(gy)];
      const [sx, sy] = [gx - x0, gy - y0];
      const value =
        (1 - sy) * ((1 - sx) * at(x0, y0) + sx * at(x0 + 1, y0)) +
        sy * ((1 - sx) * at(x0, y0 + 1) + sx * at(x0 + 1, y0 + 1));
      mask[y * width + x] = Number(value > 0.5);
    }
  return encodeRle(mask, size);
}
