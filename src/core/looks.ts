import type { MaskStyle, RasterScale } from './maskRaster.ts';
import { parseColor } from './objectColors.ts';

/** How masks are shown on the stage, in the order in which a key goes through them. */
export const LOOKS = ['overlay', 'outline', 'cutout', 'matte', 'blur', 'color', 'split'] as const;

/**
 * `overlay`: colours over the frame. `outline`: lines only. `cutout`: the objects over a checker. `matte`: white on black. `blur`,
 * `color`: the objects over the blurred frame, or over one colour. `split`: the frame beside the cut-out objects.
 */
export type Look = (typeof LOOKS)[number];

/** Whether a look shows masks in their objects' colours: hard, as soft edges would not be seen there. */
export function isColored(look: Look): boolean {
  return look === 'overlay' || look === 'outline';
}

/** How much more of its colour the selected object has. */
const SELECTED_FILL = 0.1;
/** In CSS pixels. */
const OUTLINE = 1.5;
const BOLD_OUTLINE = 2.5;
const HATCH_PERIOD = 9;

/** How far the background is blurred: a share of the frame's width, and at most so many CSS pixels. */
const BLUR = 0.012;
const LARGEST_BLUR = 40;

/** The blurred frame is wider than the stage by this factor, so that no edge shines through. */
export const BLUR_ZOOM = 1.05;

/** How a mask is drawn in its object's colour. @param opacity of the fill in the look `overlay`, 0 to 1 */
export function coloredStyle(
  { color, isSelected, isStale }: { color: string; isSelected: boolean; isStale: boolean },
  look: Look,
  opacity: number,
): MaskStyle {
  const fill = look === 'outline' ? 0 : Math.min(1, opacity + (isSelected ? SELECTED_FILL : 0));
  return { color: parseColor(color), fill, hatched: isStale };
}

/** @param scale pixels drawn for each CSS pixel */
export function lineScale(look: Look, scale: number): RasterScale {
  const outline = look === 'outline' ? BOLD_OUTLINE : OUTLINE;
  return { outline: outline * scale, hatchPeriod: HATCH_PERIOD * scale };
}

/** Standard deviation of the background's blur, in CSS pixels. @param frameWidth of the whole frame, in CSS pixels */
export function blurDeviation(frameWidth: number): number {
  return Math.min(frameWidth * BLUR, LARGEST_BLUR);
}
