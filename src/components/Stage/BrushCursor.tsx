import { useStore } from 'zustand';
import type { Size, VideoPoint } from '../../core/geometry.ts';
import { brushStore } from '../../stores/work/brushStore.ts';
import styles from './Stage.module.css';

interface BrushCursorProps {
  readonly video: Size;
  readonly at: VideoPoint;
}

/** How much a press would paint. */
export function BrushCursor({ video, at }: BrushCursorProps) {
  const diameter = useStore(brushStore, (state) => state.diameter);
  const share = (value: number, of: number) => `${(value / of) * 100}%`;
  return (
    <div
      className={styles.brush}
      style={{
        left: share(at.x - diameter / 2, video.width),
        top: share(at.y - diameter / 2, video.height),
        width: share(diameter, video.width),
        height: share(diameter, video.height),
      }}
    />
  );
}
