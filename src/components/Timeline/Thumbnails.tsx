import { useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { useWidth } from './useWidth.ts';
import styles from './Timeline.module.css';

/** A strip of small pictures along the clip: each stretch shows the thumbnail nearest to it. */
export function Thumbnails({ clip }: { readonly clip: Clip }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const width = useWidth(ref);
  const thumbnails = useStore(videoStore, (state) => state.thumbnails);
  const { frameCount, width: frameWidth, height: frameHeight } = clip.info;
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || width === 0) return;
    const { canvas } = context;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
    const count = Math.max(1, Math.round((canvas.width * frameHeight) / (canvas.height * frameWidth)));
    const cell = canvas.width / count;
    for (let i = 0; i < count; i++) {
      const frame = ((i + 0.5) / count) * (frameCount - 1);
      const nearest = thumbnails.reduce<(typeof thumbnails)[number] | undefined>(
        (best, each) => (best && Math.abs(best.frame - frame) <= Math.abs(each.frame - frame) ? best : each),
        undefined,
      );
      const isNear = nearest && Math.abs(nearest.frame - frame) <= frameCount / Math.max(8, count);
      if (isNear) context.drawImage(nearest.bitmap, i * cell, 0, cell, canvas.height);
    }
  }, [thumbnails, width, frameCount, frameWidth, frameHeight]);
  return <canvas ref={ref} className={styles.thumbnails} aria-hidden />;
}
