import type { Size } from '../../core/geometry.ts';
import { MaskRaster, type MaskStyle } from '../../core/maskRaster.ts';
import type { FrameMask } from '../../core/maskTrack.ts';
import { parseColor } from '../../core/objectColors.ts';
import type { FramePart } from '../../core/viewport.ts';
import { brushStore } from '../../stores/brushStore.ts';
import { nextColor } from '../../stores/document.ts';
import { isShown, objectsStore } from '../../stores/objectsStore.ts';
import { playbackStore } from '../../stores/playbackStore.ts';

/** How much more of its colour the selected object has. */
const SELECTED_FILL = 0.1;
/** In CSS pixels. */
const OUTLINE = 1.5;
const BOLD_OUTLINE = 2.5;
const HATCH_PERIOD = 9;

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

export interface DrawnMask {
  readonly entry: FrameMask;
  readonly color: string;
  readonly isSelected: boolean;
}

/** The masks of the frame that the stage shows, in drawing order; one that is being painted as far as it is. */
export function masksToDraw(): DrawnMask[] {
  const { shownFrame } = playbackStore.getState();
  const objects = objectsStore.getState();
  if (shownFrame === undefined) return [];
  const all = objects.history.present.objects;
  const { draft } = brushStore.getState();
  const painted = draft?.frame === shownFrame ? draft : undefined;
  const masks = all.flatMap(({ id, color, track }) => {
    const kept = isShown(objects, id) ? track.get(shownFrame) : undefined;
    const entry = painted?.objectId === id ? painted.entry : kept;
    return entry ? [{ entry, color, isSelected: id === objects.selectedId }] : [];
  });
  if (painted === undefined || painted.objectId !== undefined) return masks;
  const color = nextColor(objects.history.present);
  return [...masks, { entry: painted.entry, color, isSelected: true }];
}

export function isSame(a: readonly DrawnMask[], b: readonly DrawnMask[]): boolean {
  return (
    a.length === b.length &&
    a.every((mask, i) => {
      const other = b[i];
      return (
        mask.entry === other?.entry && mask.color === other.color && mask.isSelected === other.isSelected
      );
    })
  );
}

/** Draws masks on a canvas that it sizes. Keeps its memory from one picture to the next. */
export class MaskPicture {
  readonly #context: CanvasRenderingContext2D;
  #raster: MaskRaster | undefined;
  #image: ImageData | undefined;

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
    masks: readonly DrawnMask[],
    style: MaskPictureStyle,
    part: FramePart,
    frame: HTMLCanvasElement | null,
  ): void {
    const [context, raster, image] = [this.#context, this.#raster, this.#image];
    if (!raster || !image) return;
    const { look, scale } = style;
    const outline = look === 'outline' ? BOLD_OUTLINE : OUTLINE;
    const lines = { outline: outline * scale, hatchPeriod: HATCH_PERIOD * scale };
    raster.clear();
    for (const mask of masks) raster.paint(mask.entry.mask, maskStyle(mask, style), lines, part);
    context.putImageData(image, 0, 0);
    if (look !== 'cutout' || !frame) return;
    context.globalCompositeOperation = 'source-in';
    context.imageSmoothingEnabled = !style.isCrisp;
    context.imageSmoothingQuality = 'high';
    context.drawImage(
      frame,
      ...([part.x * frame.width, part.y * frame.height] as const),
      ...([part.width * frame.width, part.height * frame.height] as const),
      ...([0, 0, raster.width, raster.height] as const),
    );
    context.globalCompositeOperation = 'source-over';
  }
}

function maskStyle({ entry, color, isSelected }: DrawnMask, { look, opacity }: MaskPictureStyle): MaskStyle {
  if (look === 'matte' || look === 'cutout') return { color: [255, 255, 255], fill: 1, hatched: false };
  const fill = look === 'outline' ? 0 : Math.min(1, opacity + (isSelected ? SELECTED_FILL : 0));
  return { color: parseColor(color), fill, hatched: entry.status === 'stale' };
}
