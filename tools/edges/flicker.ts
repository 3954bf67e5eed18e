import { steadyMask } from '../../src/core/edges/steady.ts';
import type { Size } from '../../src/core/geometry.ts';
import { encodeRle, rleArea, rleIou, type MaskRle } from '../../src/core/rle.ts';
import { randomFrom } from '../hostile/random.ts';

const FRAMES = 16;
/** Waves of an edge's noise, and how far each moves it, in pixels. */
const WAVES = [5, 9, 14, 23];
const STRENGTH = 1.5;

/** How masks of a thing that moves change from frame to frame. */
export interface Flicker {
  /** Pixels that differ between two frames after the motion is taken out, as a share of the thing's area. */
  readonly flicker: number;
  /** IoU with the true mask. */
  readonly iou: number;
}

/**
 * Measures masks of a blob that moves and turns, whose edge is noisy on each frame anew. @param speed pixels a frame @param turn radians a frame
 * @param reach of `steadyMask`; 0: the masks as they are
 */
export function measureFlicker(
  seed: number,
  { speed, turn }: { readonly speed: number; readonly turn: number },
  reach: number,
): Flicker {
  const random = randomFrom(seed);
  const size = { width: 560, height: 300 };
  const noise = Array.from({ length: FRAMES }, () =>
    WAVES.map(() => ({ phase: 6.3 * random(), strength: STRENGTH * random() })),
  );
  const at = (frame: number) => ({ cx: 140 + speed * frame, cy: 150, angle: turn * frame });
  const truths = noise.map((_, frame) => blob(size, at(frame), []));
  const given = noise.map((waves, frame) => blob(size, at(frame), waves));
  const masks = given.map((mask, frame) =>
    reach > 0 ? steadyMask(mask, { before: given[frame - 1], after: given[frame + 1] }, reach) : mask,
  );
  let [flicker, iou] = [0, 0];
  for (let frame = 1; frame < FRAMES - 1; frame++) {
    const [mask, former, truth] = [masks[frame], masks[frame - 1], truths[frame]];
    if (!mask || !former || !truth) continue;
    const before = truths[frame - 1] ?? truth;
    flicker += differing(mask, truth, former, before, speed, size) / rleArea(truth);
    iou += rleIou(mask, truth);
  }
  return { flicker: flicker / (FRAMES - 2), iou: iou / (FRAMES - 2) };
}

type Waves = readonly { readonly phase: number; readonly strength: number }[];

function blob(
  { width, height }: Size,
  { cx, cy, angle }: { readonly cx: number; readonly cy: number; readonly angle: number },
  noise: Waves,
): MaskRle {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - cx, y - cy];
      // The edge is far from here.
      const distance = Math.hypot(dx, dy);
      if (distance > 120) continue;
      if (distance < 60) {
        pixels[y * width + x] = 1;
        continue;
      }
      const around = Math.atan2(dy, dx);
      let radius = 90 + 18 * Math.cos(3 * (around - angle));
      noise.forEach(({ phase, strength }, i) => {
        radius += strength * Math.sin((WAVES[i] ?? 0) * around + phase);
      });
      pixels[y * width + x] = Number(distance <= radius);
    }
  return encodeRle(pixels, { width, height });
}

/** Pixels whose error is not that of the frame before, moved along. */
function differing(
  mask: MaskRle,
  truth: MaskRle,
  former: MaskRle,
  formerTruth: MaskRle,
  speed: number,
  { width, height }: Size,
): number {
  const [now, then] = [errors(mask, truth), errors(former, formerTruth)];
  let count = 0;
  for (let y = 0; y < height; y++)
    for (let x = speed; x < width; x++) count += Number(now[y * width + x] !== then[y * width + x - speed]);
  return count;
}

/** 1 where a mask has too much, −1 where it has too little. */
function errors(mask: MaskRle, truth: MaskRle): Int8Array {
  const result = new Int8Array(mask.width * mask.height);
  for (const [rle, sign] of [
    [mask, 1],
    [truth, -1],
  ] as const) {
    let at = 0;
    rle.counts.forEach((count, run) => {
      for (let i = 0; i < count; i++, at++) {
        if (run % 2 === 0) continue;
        const [x, y] = [Math.floor(at / mask.height), at % mask.height];
        const pixel = y * mask.width + x;
        result[pixel] = (result[pixel] ?? 0) + sign;
      }
    });
  }
  return result;
}
