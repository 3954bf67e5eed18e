import type { Size } from '../../../src/core/geometry.ts';
import {
  BLUR_ZOOM,
  blurDeviation,
  coloredStyle,
  isColored,
  lineScale,
  type Look,
} from '../../../src/core/looks.ts';
import { cutOut } from '../../../src/core/edges/cutOut.ts';
import { objectsAlpha, softArea, type ShapedMask } from '../../../src/core/edges/objectsAlpha.ts';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { MaskletError } from '../../../src/core/errors.ts';
import { MaskRaster, paintAlpha } from '../../../src/core/maskRaster.ts';

/** The width at which the stage shows a frame, about: lines on a frame of another width are as much thicker or thinner. */
const STAGE_WIDTH = 960;

/** How a look is painted. */
export interface LookStyle {
  readonly look: Look;
  /** Of the overlay's fill, 0 to 1. */
  readonly opacity: number;
  /** `#rrggbb` */
  readonly background: string;
}

/** One mask on a frame. */
export interface PaintedMask extends ShapedMask {
  /** `#rrggbb` */
  readonly color: string;
}

/** Paints frames with their masks in one look, as the stage shows them, one after the other on one canvas. */
export class LookPainter {
  /** What was painted last. Twice as wide as the frame in the look `split`; with transparency in the look `cutout`. */
  readonly canvas: OffscreenCanvas;
  readonly #size: Size;
  readonly #style: LookStyle;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #masks: OffscreenCanvasRenderingContext2D;
  readonly #raster: MaskRaster;
  readonly #image: ImageData;

  /** @param size of a frame, in pixels */
  constructor(size: Size, style: LookStyle) {
    const { width, height } = size;
    this.#size = size;
    this.#style = style;
    this.#context = contextOf({ width: style.look === 'split' ? 2 * width : width, height });
    this.canvas = this.#context.canvas;
    this.#masks = contextOf(size);
    this.#raster = new MaskRaster(size);
    this.#image = new ImageData(this.#raster.pixels, width, height);
  }

  /** @param masks in drawing order; all of the frame's size */
  paint(frame: CanvasImageSource, masks: readonly PaintedMask[]): void {
    const { look, background } = this.#style;
    const [context, { width, height }] = [this.#context, this.canvas];
    context.clearRect(0, 0, width, height);
    if (isColored(look)) this.#drawColored(masks);
    else this.#drawObjects(frame, masks);
    if (isColored(look)) context.drawImage(frame, 0, 0);
    else if (look === 'blur') this.#drawBlurred(frame);
    else if (look !== 'cutout') {
      context.fillStyle = look === 'color' ? background : '#000000';
      context.fillRect(0, 0, width, height);
    }
    if (look === 'split') context.drawImage(frame, 0, 0);
    context.drawImage(this.#masks.canvas, look === 'split' ? this.#size.width : 0, 0);
  }

  /** The masks alone in their objects' colours. */
  #drawColored(masks: readonly PaintedMask[]): void {
    const { look, opacity } = this.#style;
    const lines = lineScale(look, Math.max(1, this.#size.width / STAGE_WIDTH));
    this.#raster.clear();
    for (const { mask, color } of masks) {
      const style = coloredStyle({ color, isSelected: false, isStale: false }, look, opacity);
      this.#raster.paint(mask, style, lines);
    }
    this.#masks.putImageData(this.#image, 0, 0);
  }

  /** The masks alone, white or with the frame's own pixels. */
  #drawObjects(frame: CanvasImageSource, masks: readonly PaintedMask[]): void {
    const { look } = this.#style;
    const { width, height } = this.#size;
    const context = this.#masks;
    const soft = softArea(masks);
    const picture = soft && this.#pixelsOf(frame);
    const alpha = objectsAlpha(masks, this.#size, picture);
    if (picture && look !== 'matte') {
      context.putImageData(new ImageData(cutOut(picture, alpha, soft), width, height), 0, 0);
      return;
    }
    paintAlpha(alpha, this.#raster.pixels);
    context.putImageData(this.#image, 0, 0);
    if (look === 'matte') return;
    context.globalCompositeOperation = 'source-in';
    context.drawImage(frame, 0, 0, width, height);
    context.globalCompositeOperation = 'source-over';
  }

  #pixelsOf(frame: CanvasImageSource): RgbaImage {
    const { width, height } = this.#size;
    this.#masks.drawImage(frame, 0, 0, width, height);
    return this.#masks.getImageData(0, 0, width, height);
  }

  /** Wider than the frame, so that no edge shines through. */
  #drawBlurred(frame: CanvasImageSource): void {
    const { width, height } = this.#size;
    const [wide, high] = [width * BLUR_ZOOM, height * BLUR_ZOOM];
    this.#context.filter = `blur(${blurDeviation(width)}px)`;
    this.#context.drawImage(frame, (width - wide) / 2, (height - high) / 2, wide, high);
    this.#context.filter = 'none';
  }
}

function contextOf({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context) return context;
  throw new MaskletError(
    'unknown',
    `The browser gave no canvas of ${width}×${height} pixels. Close other tabs.`,
  );
}
