import { useEffect, useRef } from 'react';
import type { Size } from '../../core/geometry.ts';
import { MaskRaster } from '../../core/maskRaster.ts';
import type { FrameMask } from '../../core/maskTrack.ts';
import { parseColor } from '../../core/objectColors.ts';
import { objectsStore } from '../../stores/objectsStore.ts';
import { playbackStore } from '../../stores/playbackStore.ts';
import { capRaster } from './rasterSize.ts';
import styles from './Stage.module.css';

const FILL = 0.42;
const SELECTED_FILL = 0.52;
const STALE_FILL = 0.4;
/** In CSS pixels. */
const OUTLINE = 1.5;
const HATCH_PERIOD = 9;

interface DrawnMask {
  readonly entry: FrameMask;
  readonly color: string;
  readonly isSelected: boolean;
}

/** The masks of the frame that the stage shows, in drawing order. */
function masksToDraw(): DrawnMask[] {
  const { shownFrame } = playbackStore.getState();
  const { history, hidden, selectedId } = objectsStore.getState();
  if (shownFrame === undefined) return [];
  return history.present.objects.flatMap(({ id, color, track }) => {
    const entry = hidden.has(id) ? undefined : track.get(shownFrame);
    return entry ? [{ entry, color, isSelected: id === selectedId }] : [];
  });
}

function isSame(a: readonly DrawnMask[], b: readonly DrawnMask[]): boolean {
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

/**
 * The masks over the frame. Drawn outside React, in the same turn in which the frame is drawn, so that masks and frame
 * change together.
 */
export function MaskCanvas({ stage }: { readonly stage: Size }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || stage.width === 0 || stage.height === 0) return;
    const size = capRaster({
      width: stage.width * devicePixelRatio,
      height: stage.height * devicePixelRatio,
    });
    canvas.width = size.width;
    canvas.height = size.height;
    const raster = new MaskRaster(size);
    const image = new ImageData(raster.pixels, size.width, size.height);
    const scale = size.width / stage.width;
    let drawn: readonly DrawnMask[] = [];
    const draw = () => {
      const masks = masksToDraw();
      if (isSame(masks, drawn)) return;
      drawn = masks;
      raster.clear();
      for (const { entry, color, isSelected } of masks) {
        const hatched = entry.status === 'stale';
        const fill = hatched ? STALE_FILL : isSelected ? SELECTED_FILL : FILL;
        const style = { color: parseColor(color), fill, hatched };
        raster.paint(entry.mask, style, { outline: OUTLINE * scale, hatchPeriod: HATCH_PERIOD * scale });
      }
      context.putImageData(image, 0, 0);
    };
    draw();
    const ends = [objectsStore.subscribe(draw), playbackStore.subscribe(draw)];
    return () => ends.forEach((end) => end());
  }, [stage.width, stage.height]);
  return <canvas ref={ref} className={styles.layer} />;
}
