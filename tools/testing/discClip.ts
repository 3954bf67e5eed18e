import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeGrayPng } from '../../src/core/png.ts';
import { encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { isFfmpegThere } from '../setup.mjs';

/** Whether tests can decode frames; those that cannot are skipped. */
export const hasFfmpeg = isFfmpegThere();

export const DISC_CLIP = { width: 160, height: 90 } as const;
const RADIUS = 16;

/** The middle of the disc on a frame. */
export function discCentre(frame: number): { x: number; y: number } {
  return { x: 40 + 8 * frame, y: 45 };
}

function inDisc(frame: number, at: number): boolean {
  const { x, y } = discCentre(frame);
  return Math.hypot((at % DISC_CLIP.width) - x, Math.floor(at / DISC_CLIP.width) - y) < RADIUS;
}

/** A bright disc that moves right over a striped ground. */
export function discPixels(frame: number): Uint8Array {
  return Uint8Array.from({ length: DISC_CLIP.width * DISC_CLIP.height }, (_, at) =>
    inDisc(frame, at) ? 235 : 70 + 25 * Math.sin((at % DISC_CLIP.width) / 6),
  );
}

export function discMask(frame: number): MaskRle {
  const pixels = Uint8Array.from({ length: DISC_CLIP.width * DISC_CLIP.height }, (_, at) =>
    inDisc(frame, at) ? 1 : 0,
  );
  return encodeRle(pixels, DISC_CLIP);
}

/** Writes the frames as gray PNGs: 00000.png, 00001.png, … */
export async function writeDiscClip(folder: string, frames: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let frame = 0; frame < frames; frame++) {
    const name = `${String(frame).padStart(5, '0')}.png`;
    await writeFile(join(folder, name), await encodeGrayPng(discPixels(frame), DISC_CLIP));
  }
}
