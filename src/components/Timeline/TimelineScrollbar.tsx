import { useRef, type CSSProperties, type KeyboardEvent, type PointerEvent } from 'react';
import { useStore } from 'zustand';
import { rulerLength, TIMELINE_INSET } from '../../core/timeScale.ts';
import { scrollTimeline, timelineStore } from '../../stores/clip/timelineStore.ts';
import styles from './Timeline.module.css';

/** Which part of the clip a zoomed timeline shows; drags and arrow keys move it. */
export function TimelineScrollbar({ controls }: { readonly controls: string }) {
  const scale = useStore(timelineStore, (state) => state.scale);
  const ref = useRef<HTMLDivElement>(null);
  const { width, zoom, scroll } = scale;
  const length = rulerLength(scale) + 2 * TIMELINE_INSET;
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1 || ref.current === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left } = ref.current.getBoundingClientRect();
    scrollTimeline(((event.clientX - left) / width) * length - width / 2 - scroll);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const steps: Partial<Record<string, number>> = {
      ...{ ArrowLeft: -width / 8, ArrowRight: width / 8, PageUp: -width, PageDown: width },
      ...{ Home: -length, End: length },
    };
    const by = steps[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    scrollTimeline(by);
  };
  if (zoom === 1) return <div className={styles.scrollbar} />;
  return (
    <div
      ref={ref}
      className={styles.scrollbar}
      role="scrollbar"
      aria-label="Part of the clip"
      aria-orientation="horizontal"
      aria-controls={controls}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((100 * scroll) / Math.max(1, length - width))}
      tabIndex={0}
      onPointerDown={drag}
      onPointerMove={drag}
      onKeyDown={press}
      style={{ '--from': scroll / length, '--share': width / length } as CSSProperties}
    >
      <div className={styles.scrolled} />
    </div>
  );
}
