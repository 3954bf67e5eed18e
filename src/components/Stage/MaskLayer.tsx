import { useLayoutEffect, useRef } from 'react';
import type { Size } from '../../core/geometry.ts';
import { MaskRaster } from '../../core/maskRaster.ts';
import { parseColor } from '../../core/objectColors.ts';
import type { MaskRle } from '../../core/rle.ts';
import { shareOfFrame, type Placement } from '../../core/viewport.ts';
import { capRaster } from './rasterSize.ts';
import styles from './Stage.module.css';

export interface ColoredMask {
  readonly mask: MaskRle;
  /** `#rrggbb` */
  readonly color: string;
}

interface MaskLayerProps {
  /** In drawing order. */
  readonly masks: readonly ColoredMask[];
  /** The whole frame on the stage, in CSS pixels. */
  readonly stage: Size;
  /** What shows of it, in CSS pixels from its top left corner. */
  readonly part: Placement;
  /** Opacity, 0 to 1. */
  readonly fill: number;
  /** In CSS pixels. */
  readonly outline: number;
}

/** Masks that are of no object yet, over the part of the frame that shows. */
export function MaskLayer({ masks, stage, part, fill, outline }: MaskLayerProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const raster = useRef<MaskRaster>(undefined);
  const { left, top, width, height } = part;
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || width <= 0 || height <= 0) return;
    const size = capRaster({ width: width * devicePixelRatio, height: height * devicePixelRatio });
    if (raster.current?.width !== size.width || raster.current.height !== size.height) {
      Object.assign(context.canvas, size);
      raster.current = new MaskRaster(size);
    }
    raster.current.clear();
    const lines = { outline: (outline * size.width) / width, hatchPeriod: 0 };
    const whole = { width: stage.width, height: stage.height };
    const shown = shareOfFrame({ left, top, width, height }, whole);
    for (const { mask, color } of masks)
      raster.current.paint(mask, { color: parseColor(color), fill, hatched: false }, lines, shown);
    context.putImageData(new ImageData(raster.current.pixels, size.width, size.height), 0, 0);
  }, [masks, left, top, width, height, stage.width, stage.height, fill, outline]);
  return <canvas ref={ref} className={styles.masks} style={part} />;
}
