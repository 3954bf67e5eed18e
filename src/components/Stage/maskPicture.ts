import { MaskletError } from '../../core/errors.ts';
import type { Size } from '../../core/geometry.ts';
import { coloredStyle, isColored, lineScale } from '../../core/looks.ts';
import { MaskRaster, type MaskStyle } from '../../core/maskRaster.ts';
import type { FramePart } from '../../core/viewport.ts';
import type { DrawnFrame, DrawnMask } from '../../stores/stage/drawnMasks.ts';

/** What a canvas of masks shows: colours, lines, white, or the frame itself where the masks are. */
export type MaskLook = 'overlay' | 'outline' | 'matte' | 'cutout';

export interface MaskPictureStyle {
  readonly look: MaskLook;
  /** Of an overlay's fill, 0 to 1. */
  readonly opacity: number;
  /** Raster pixels for each CSS pixel. */
  readonly scale: number;
  /** Whether the frame's own pixels are to be seen. */
  readonly isCrisp: boolean;
}

/** Draws masks on a canvas that it sizes. Keeps its memory from one picture to the next. */
export class MaskPicture {
  readonly #context: CanvasRenderingContext2D;
  #raster: MaskRaster | undefined;
  #image: ImageData | undefined;
  #soft: OffscreenCanvasRenderingContext2D | undefined;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** Empties the canvas and gives it another size. */
  resize(size: Size): void {
    const { canvas } = this.#context;
    canvas.width = size.width;
    canvas.height = size.height;
    if (this.#raster?.width === size.width && this.#raster.height === size.height) return;
    this.#raster = new MaskRaster(size);
    this.#image = new ImageData(this.#raster.pixels, size.width, size.height);
  }

  /**
   * @param part the part of the frame that the canvas shows
   * @param frame the whole frame, for a cut-out
   */
  draw(
    { masks, cutOut }: DrawnFrame,
    style: MaskPictureStyle,
    part: FramePart,
    frame: HTMLCanvasElement | null,
  ): void {
    const [context, raster, image] = [this.#context, this.#raster, this.#image];
    if (!raster || !image) return;
    const { look, scale } = style;
    const lines = lineScale(look, scale);
    const size = masks[0]?.mask;
    context.imageSmoothingEnabled = !style.isCrisp;
    context.imageSmoothingQuality = 'high';
    const place = (picture: HTMLCanvasElement | OffscreenCanvas) =>
      context.drawImage(
        picture,
        ...([part.x * picture.width, part.y * picture.height] as const),
        ...([part.width * picture.width, part.height * picture.height] as const),
        ...([0, 0, raster.width, raster.height] as const),
      );
    if (cutOut && size && !isColored(look)) {
      context.clearRect(0, 0, raster.width, raster.height);
      place(this.#objects(cutOut, size));
      if (look === 'matte') whiten(context);
      return;
    }
    raster.clear();
    for (const mask of masks) raster.paint(mask.mask, maskStyle(mask, style), lines, part);
    context.putImageData(image, 0, 0);
    if (look !== 'cutout' || !frame) return;
    context.globalCompositeOperation = 'source-in';
    place(frame);
    context.globalCompositeOperation = 'source-over';
  }

  /** The objects alone, at the frame's size. */
  #objects(cutOut: Uint8ClampedArray<ArrayBuffer>, { width, height }: Size): OffscreenCanvas {
    const context = (this.#soft ??= new OffscreenCanvas(width, height).getContext('2d') ?? undefined);
    if (context === undefined)
      throw new MaskletError('unknown', 'The browser gave no canvas. Close other tabs.');
    const { canvas } = context;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.putImageData(new ImageData(cutOut, width, height), 0, 0);
    return canvas;
  }
}

/** Leaves only how opaque what is on a canvas is. */
function whiten(context: CanvasRenderingContext2D): void {
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.globalCompositeOperation = 'source-over';
}

function maskStyle({ entry, color, isSelected }: DrawnMask, { look, opacity }: MaskPictureStyle): MaskStyle {
  if (!isColored(look)) return { color: [255, 255, 255], fill: 1, hatched: false };
  return coloredStyle({ color, isSelected, isStale: entry.status === 'stale' }, look, opacity);
}
