import { encodeRle, type MaskRle } from '../src/core/rle.ts';

/** The disc that moves through the fixtures, as tools/fixtures/make.mjs draws it. */
export function disc(frame: number): MaskRle {
  const size = { width: 320, height: 180 };
  const inside = (at: number) => Math.hypot((at % 320) - 60 - 4 * frame, Math.floor(at / 320) - 110) < 36;
  return encodeRle(
    Uint8Array.from({ length: 320 * 180 }, (_, at) => (inside(at) ? 1 : 0)),
    size,
  );
}
