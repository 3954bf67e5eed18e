import { useLayoutEffect, useRef, type CSSProperties, type PointerEvent, type RefObject } from 'react';
import { useStore } from 'zustand';
import { xToFrame, type TimeScale } from '../../core/timeScale.ts';
import { useDoubts } from '../useDoubts.ts';
import type { MaskObject } from '../../document/document.ts';
import { reviewProgress } from '../../document/reviewed.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { seek } from '../../stores/work/trackingStore.ts';
import { Lane } from './Lane.tsx';
import styles from './Timeline.module.css';

interface LanesProps {
  readonly objects: readonly MaskObject[];
  readonly scale: TimeScale;
  /** What scrolls; the lanes are at its end. */
  readonly rows: RefObject<HTMLElement | null>;
}

/** The height of a lane with the space below it, in CSS pixels. */
const LANE_PITCH = 23;

/** One lane for each object, under the slider and in line with it. A press or drag on them moves the playhead. */
export function Lanes({ objects, scale, rows }: LanesProps) {
  const ref = useRef<HTMLDivElement>(null);
  const { frameCount } = scale;
  const selectedId = useStore(objectsStore, (state) => state.selectedId);
  const doubts = useDoubts(objects);
  const selected = objects.findIndex(({ id }) => id === selectedId);
  useLayoutEffect(() => {
    const box = rows.current;
    if (selected < 0 || box === null) return;
    const top = selected * LANE_PITCH;
    // What is above the lanes stays in place and hides none of them.
    const room = box.clientHeight - (ref.current?.offsetTop ?? 0);
    box.scrollTo({ top: Math.min(Math.max(box.scrollTop, top + LANE_PITCH - room), top) });
  }, [selected, rows]);
  const scrub = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left } = event.currentTarget.getBoundingClientRect();
    seek(xToFrame(event.clientX - left, scale));
  };
  return (
    <div className={styles.lanes}>
      <ul className={styles.names} aria-label="Lanes">
        {objects.map((object) => {
          const { id, name, color } = object;
          return (
            <li
              key={id}
              aria-label={`${name}: ${describeLane(object, doubts.get(id)?.size ?? 0, frameCount)}`}
              data-selected={id === selectedId || undefined}
              style={{ '--object': color } as CSSProperties}
            >
              <span className={styles.swatch} />
              <span className={styles.name}>{name}</span>
            </li>
          );
        })}
      </ul>
      <div ref={ref} className={styles.strips} onPointerDown={scrub} onPointerMove={scrub}>
        {objects.map((object) => (
          <Lane key={object.id} object={object} doubts={doubts.get(object.id)} scale={scale} />
        ))}
        <div className={styles.playhead} />
      </div>
    </div>
  );
}

/** What a lane shows, in words. */
function describeLane(object: MaskObject, doubtful: number, frameCount: number): string {
  const { track } = object;
  const { reviewed } = reviewProgress([object], frameCount);
  if (track.size === 0) return 'no masks yet';
  const { prompted, tracked, detailed, interpolated, stale, absent } = track.counts;
  const parts = [
    prompted > 0 && `${prompted} prompted`,
    tracked > 0 && `${tracked} tracked`,
    detailed > 0 && `${detailed} in detail`,
    interpolated > 0 && `${interpolated} filled in`,
    stale > 0 && `${stale} stale`,
    absent > 0 && `not there on ${absent}`,
    doubtful > 0 && `${doubtful} doubtful`,
    reviewed > 0 && `${reviewed} reviewed`,
  ].filter((part) => part !== false);
  return `${track.size} of ${frameCount} frames: ${parts.join(', ')}`;
}
