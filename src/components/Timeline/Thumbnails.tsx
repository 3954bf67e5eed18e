import { useEffect, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { rulerLength, TIMELINE_INSET, type TimeScale } from '../../core/timeScale.ts';
import { nearestThumbnail, wantThumbnails } from '../../stores/clip/thumbnails.ts';
import { videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { filmCells } from './filmCells.ts';
import styles from './Timeline.module.css';

interface ThumbnailsProps {
  readonly clip: Clip;
  readonly scale: TimeScale;
}

/** How long the timeline rests before more thumbnails are asked for, in milliseconds. */
const REST = 200;

/** A strip of small pictures along the clip: each stretch shows the thumbnail nearest to it. Zoomed in, it asks for its own. */
export function Thumbnails({ clip, scale }: ThumbnailsProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const thumbnails = useStore(videoStore, (state) => state.thumbnails);
  const { width: frameWidth, height: frameHeight } = clip.info;
  const aspect = frameWidth / frameHeight;
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || scale.width === 0) return;
    const { canvas } = context;
    const { clientHeight: height } = canvas;
    canvas.width = Math.round(scale.width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    context.scale(devicePixelRatio, devicePixelRatio);
    const [start, end] = [TIMELINE_INSET - scale.scroll, TIMELINE_INSET - scale.scroll + rulerLength(scale)];
    context.beginPath();
    context.roundRect(start, 0, end - start, height, 3);
    context.clip();
    for (const { frame, left, width } of filmCells(scale, height * aspect)) {
      const nearest = nearestThumbnail(thumbnails, frame);
      if (nearest) context.drawImage(nearest.bitmap, left, 0, width, height);
    }
  }, [thumbnails, scale, aspect]);
  useEffect(() => {
    const want = () => {
      const cells = scale.zoom > 1 ? filmCells(scale, (ref.current?.clientHeight ?? 0) * aspect) : [];
      const { thumbnails: known } = videoStore.getState();
      const isThere = (cell: { readonly frame: number; readonly reach: number }) =>
        known.some(({ frame }) => Math.abs(frame - cell.frame) <= cell.reach);
      wantThumbnails(
        'filmstrip',
        cells.filter((cell) => !isThere(cell)).map(({ frame }) => frame),
      );
    };
    const timer = setTimeout(want, REST);
    return () => clearTimeout(timer);
  }, [scale, aspect]);
  return <canvas ref={ref} className={styles.thumbnails} data-testid="filmstrip" aria-hidden />;
}
