import { useLayoutEffect, useRef } from 'react';
import type { Size } from '../../core/geometry.ts';
import { MaskRaster } from '../../core/maskRaster.ts';
import type { FrameMask } from '../../core/maskTrack.ts';
import { parseColor } from '../../core/objectColors.ts';
import type { Placement } from '../../core/viewport.ts';
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

interface MaskCanvasProps {
  /** The whole frame on the stage, in CSS pixels. */
  readonly stage: Size;
  /** What shows of it, in CSS pixels from its top left corner. */
  readonly part: Placement;
}

/**
 * The masks over the part of the frame that shows. Drawn outside React, in the same turn in which the frame is drawn, so
 * that masks and frame change together.
 */
export function MaskCanvas({ stage, part }: MaskCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const kept = useRef<MaskRaster>(undefined);
  const { left, top, width, height } = part;
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || width <= 0 || height <= 0) return;
    const size = capRaster({ width: width * devicePixelRatio, height: height * devicePixelRatio });
    canvas.width = size.width;
    canvas.height = size.height;
    const isKept = kept.current?.width === size.width && kept.current.height === size.height;
    const raster = isKept && kept.current ? kept.current : new MaskRaster(size);
    kept.current = raster;
    const image = new ImageData(raster.pixels, size.width, size.height);
    const scale = size.width / width;
    const shown = {
      x: left / stage.width,
      y: top / stage.height,
      width: width / stage.width,
      height: height / stage.height,
    };
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
        const lines = { outline: OUTLINE * scale, hatchPeriod: HATCH_PERIOD * scale };
        raster.paint(entry.mask, style, lines, shown);
      }
      context.putImageData(image, 0, 0);
    };
    draw();
    const ends = [objectsStore.subscribe(draw), playbackStore.subscribe(draw)];
    return () => ends.forEach((end) => end());
  }, [left, top, width, height, stage.width, stage.height]);
  return <canvas ref={ref} className={styles.masks} style={part} />;
}
