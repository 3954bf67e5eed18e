import type { Look } from '../../src/core/looks.ts';
import type { Pane } from '../../src/core/stageScene.ts';

/** What there is outside the masks, by its number in compose.wgsl. */
export const GROUND = { frame: 0, blurred: 1, color: 2, checker: 3 } as const;

/** What is drawn where the masks are, by its number in compose.wgsl. */
export const FILL = { style: 0, frame: 1, white: 2, nothing: 3 } as const;

/** What a canvas of the stage shows. */
export interface Composition {
  readonly pane: Pane;
  readonly ground: keyof typeof GROUND;
  readonly fill: keyof typeof FILL;
  /** The ground's colour, red, green, blue, 0 to 255; the person's choice where it is left out. */
  readonly color?: readonly [number, number, number];
}

/** The canvases of each look. */
export const COMPOSITIONS: Readonly<Record<Look, readonly Composition[]>> = {
  overlay: [{ pane: 'frame', ground: 'frame', fill: 'style' }],
  outline: [{ pane: 'frame', ground: 'frame', fill: 'style' }],
  cutout: [{ pane: 'frame', ground: 'checker', fill: 'frame' }],
  matte: [{ pane: 'frame', ground: 'color', fill: 'white', color: [0, 0, 0] }],
  blur: [{ pane: 'frame', ground: 'blurred', fill: 'frame' }],
  color: [{ pane: 'frame', ground: 'color', fill: 'frame' }],
  split: [
    { pane: 'frame', ground: 'frame', fill: 'nothing' },
    { pane: 'beside', ground: 'checker', fill: 'frame' },
  ],
};
