import type { Size, VideoPoint } from './geometry.ts';

/** How wide a stroke of one point at least is, so that a tap always meets a pixel's centre. */
const LEAST_RADIUS = Math.SQRT1_2;

/**
 * Paints a straight, round-ended stroke into a row-major raster of `width`·`height` pixels. A pixel belongs to it if its
 * centre does.
 *
 * @param diameter in pixels of the raster
 * @param value what the stroke's pixels become
 */
export function paintStroke(
  raster: Uint8Array,
  { width, height }: Size,
  [from, to]: readonly [VideoPoint, VideoPoint],
  diameter: number,
  value: 0 | 1,
): void {
  const radius = Math.max(diameter / 2, LEAST_RADIUS);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const lengthSquared = dx * dx + dy * dy;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - radius));
  const right = Math.min(width, Math.ceil(Math.max(from.x, to.x) + radius));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius));
  const bottom = Math.min(height, Math.ceil(Math.max(from.y, to.y) + radius));
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const [x, y] = [column + 0.5 - from.x, row + 0.5 - from.y];
      const along = lengthSquared === 0 ? 0 : (x * dx + y * dy) / lengthSquared;
      const share = Math.min(Math.max(along, 0), 1);
      if (Math.hypot(x - share * dx, y - share * dy) <= radius) raster[row * width + column] = value;
    }
  }
}
