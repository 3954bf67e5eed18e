import { useLayoutEffect, useRef } from 'react';
import { MaskRaster } from '../../core/maskRaster.ts';
import { parseColor } from '../../core/objectColors.ts';
import { rleBounds, type MaskRle } from '../../core/rle.ts';
import { partAround } from './partAround.ts';
import styles from './MaskThumbnail.module.css';

/** In CSS pixels. */
const SIZE = { width: 48, height: 36 };
const FILL = 0.45;
const OUTLINE = 1.25;

interface MaskThumbnailProps {
  readonly mask: MaskRle;
  /** `#rrggbb` */
  readonly color: string;
  /** The frame that the mask is of, once it is there. */
  readonly picture: ImageBitmap | undefined;
  /** The mask that is to be in the middle; else this one. Pictures of one thing show the same part of the frame. */
  readonly around?: MaskRle | undefined;
}

/** A small picture of a mask on its frame, as near as the mask is large. */
export function MaskThumbnail({ mask, color, picture, around = mask }: MaskThumbnailProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const ratio = devicePixelRatio;
    const size = { width: Math.round(SIZE.width * ratio), height: Math.round(SIZE.height * ratio) };
    Object.assign(context.canvas, size);
    const part = partAround(rleBounds(around), mask, size);
    if (picture)
      context.drawImage(
        picture,
        ...([part.x * picture.width, part.y * picture.height] as const),
        ...([part.width * picture.width, part.height * picture.height] as const),
        ...([0, 0, size.width, size.height] as const),
      );
    const raster = new MaskRaster(size);
    const style = { color: parseColor(color), fill: FILL, hatched: false };
    raster.paint(mask, style, { outline: OUTLINE * ratio, hatchPeriod: 0 }, part);
    const drawn = new OffscreenCanvas(size.width, size.height);
    drawn.getContext('2d')?.putImageData(new ImageData(raster.pixels, size.width, size.height), 0, 0);
    context.drawImage(drawn, 0, 0);
  }, [mask, color, picture, around]);
  return <canvas ref={ref} className={styles.thumbnail} style={SIZE} aria-hidden />;
}
