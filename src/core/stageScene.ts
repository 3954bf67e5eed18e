import type { EdgeSettings } from './edges/edgeSettings.ts';
import type { Neighbours } from './edges/steady.ts';
import type { Size } from './geometry.ts';
import type { Look } from './looks.ts';
import type { MaskStyle, RasterScale } from './maskRaster.ts';
import type { MaskRle } from './rle.ts';
import type { FramePart } from './viewport.ts';

/** A canvas of the stage: the one where prompts are given, or the one beside it in the look `split`. */
export type Pane = 'frame' | 'beside';

/** What the panes show of a frame, both the same. */
export interface SceneView {
  /** Pixels of each canvas. */
  readonly size: Size;
  readonly part: FramePart;
  /** Pixels of the canvas for each CSS pixel. */
  readonly scale: number;
  /** Whether the frame's own pixels are to be seen. */
  readonly isCrisp: boolean;
}

/** A shape that the GPU is to give a mask. */
export interface ShapeToMake {
  readonly edge: EdgeSettings;
  /** The object's masks on the frames beside. */
  readonly neighbours: Neighbours;
}

export interface SceneMask {
  /** In the frame's pixels, in the shape that its edge asks for, or in none where the GPU is to give it that. */
  readonly mask: MaskRle;
  readonly shape?: ShapeToMake;
  /** Where the GPU is to make it soft. */
  readonly edge?: EdgeSettings;
  readonly style: MaskStyle;
}

/** Everything that is drawn of one frame. */
export interface StageScene {
  readonly look: Look;
  /** In drawing order: where masks overlap, the later one wins. */
  readonly masks: readonly SceneMask[];
  /**
   * The objects alone, RGBA of the masks' size as `cutOut` gives it: for looks without colours. Where it is left out, frame, masks and their edges
   * make it.
   */
  readonly cutOut?: Uint8ClampedArray<ArrayBuffer>;
  /** In pixels of the canvas. */
  readonly lines: RasterScale;
  /** Behind the objects in the look `color`: red, green, blue, 0 to 255. */
  readonly background: readonly [number, number, number];
  readonly view: SceneView;
}
