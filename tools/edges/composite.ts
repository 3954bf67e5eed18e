import type { PaintedEdge } from './paintedEdges.ts';

/** Colours of a picture, 0 to 255. @param at the pixel @param channel 0 to 2 */
export type ColorOf = (at: number, channel: number) => number;

/** New backgrounds: every other gray lies between them. */
const GROUNDS = [0, 255];

/** A cut-out laid over a gray background, as RGBA. @param alpha 0 to 255 for each pixel */
export function composite(alpha: Uint8Array, colorOf: ColorOf, ground: number): Uint8Array {
  return Uint8Array.from({ length: alpha.length * 4 }, (_, index) => {
    const [at, channel] = [index >> 2, index % 4];
    const share = (alpha[at] ?? 0) / 255;
    return channel === 3 ? 255 : Math.round(share * colorOf(at, channel) + (1 - share) * ground);
  });
}

/**
 * How far a cut-out over a new background, black or white, is from what was painted: the mean difference of a channel, of 255, summed over all
 * pixels and divided by the number of those that are partly covered.
 */
export function compositeError(painted: PaintedEdge, alpha: Uint8Array, colorOf: ColorOf): number {
  const trueColor = foregroundOf(painted);
  let [sum, mixed] = [0, 0];
  painted.alpha.forEach((covered, at) => {
    const [truth, found] = [covered / 255, (alpha[at] ?? 0) / 255];
    mixed += Number(covered > 0 && covered < 255);
    for (let channel = 0; channel < 3; channel++) {
      const object = found * colorOf(at, channel) - truth * trueColor(at, channel);
      for (const ground of GROUNDS) sum += Math.abs(object + (truth - found) * ground);
    }
  });
  return sum / (3 * GROUNDS.length * mixed);
}

/** The colours of RGBA pixels. */
export function colorsOf(pixels: Uint8ClampedArray): ColorOf {
  return (at, channel) => pixels[at * 4 + channel] ?? 0;
}

/** The painted object's own colours. */
export function foregroundOf({ foreground }: PaintedEdge): ColorOf {
  return (at, channel) => foreground[at * 3 + channel] ?? 0;
}
