import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type RefObject } from 'react';
import { useStore } from 'zustand';
import { xToFrame } from '../../core/timeScale.ts';
import { nearestThumbnail, wantThumbnails } from '../../stores/clip/thumbnails.ts';
import { timelineStore } from '../../stores/clip/timelineStore.ts';
import { videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { formatTime } from '../format.ts';
import styles from './Timeline.module.css';

interface HoverThumbnailProps {
  readonly clip: Clip;
  /** What the pointer is over. */
  readonly sight: RefObject<HTMLElement | null>;
}

/** How long the pointer rests before the very frame is decoded, in milliseconds. */
const REST = 80;

/** What is on the frame under the pointer: the nearest picture that is there, and soon the frame's own. */
export function HoverThumbnail({ clip, sight }: HoverThumbnailProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [x, setX] = useState<number>();
  const scale = useStore(timelineStore, (state) => state.scale);
  const thumbnails = useStore(videoStore, (state) => state.thumbnails);
  const frame = x === undefined ? undefined : xToFrame(x, scale);
  const shown = frame === undefined ? undefined : nearestThumbnail(thumbnails, frame);

  useEffect(() => {
    const element = sight.current;
    if (element === null) return;
    const onMove = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') setX(event.clientX - element.getBoundingClientRect().left);
    };
    const onLeave = () => setX(undefined);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerleave', onLeave);
    return () => {
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerleave', onLeave);
    };
  }, [sight]);

  useEffect(() => {
    const timer = setTimeout(() => wantThumbnails('pointer', frame === undefined ? [] : [frame]), REST);
    return () => clearTimeout(timer);
  }, [frame]);

  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || !shown) return;
    const { width, height } = shown.bitmap;
    Object.assign(context.canvas, { width, height });
    context.drawImage(shown.bitmap, 0, 0);
  }, [shown]);

  if (x === undefined || frame === undefined) return null;
  return (
    <div
      className={styles.hover}
      style={{ '--x': `${x}px` } as CSSProperties}
      data-testid="hover-thumbnail"
      aria-hidden
    >
      {shown && <canvas ref={ref} data-frame={shown.frame} />}
      <span>
        {frame} · {formatTime(clip.info.timestamps[frame] ?? 0)}
      </span>
    </div>
  );
}
