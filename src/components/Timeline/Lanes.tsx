import { useRef, type CSSProperties, type PointerEvent } from 'react';
import { useStore } from 'zustand';
import type { MaskTrack } from '../../core/maskTrack.ts';
import { doubtsOf } from '../../stores/work/doubtful.ts';
import type { MaskObject } from '../../document/document.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { seek } from '../../stores/work/trackingStore.ts';
import { Lane } from './Lane.tsx';
import { xToFrame } from './laneShape.ts';
import { useWidth } from './useWidth.ts';
import styles from './Timeline.module.css';

interface LanesProps {
  readonly objects: readonly MaskObject[];
  readonly frameCount: number;
}

/** One lane for each object, under the slider and in line with it. A press or drag on them moves the playhead. */
export function Lanes({ objects, frameCount }: LanesProps) {
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const selectedId = useStore(objectsStore, (state) => state.selectedId);
  const doubts = doubtsOf(objects);
  const scrub = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left } = event.currentTarget.getBoundingClientRect();
    seek(xToFrame(event.clientX - left, frameCount, width));
  };
  return (
    <div className={styles.lanes}>
      <ul className={styles.names} aria-label="Lanes">
        {objects.map(({ id, name, color, track }) => (
          <li
            key={id}
            aria-label={`${name}: ${describeTrack(track, doubts.get(id)?.size ?? 0, frameCount)}`}
            data-selected={id === selectedId || undefined}
            style={{ '--object': color } as CSSProperties}
          >
            <span className={styles.swatch} />
            <span className={styles.name}>{name}</span>
          </li>
        ))}
      </ul>
      <div ref={ref} className={styles.strips} onPointerDown={scrub} onPointerMove={scrub}>
        {objects.map((object) => (
          <Lane
            key={object.id}
            object={object}
            doubts={doubts.get(object.id)}
            frameCount={frameCount}
            width={width}
          />
        ))}
        <div className={styles.playhead} />
      </div>
    </div>
  );
}

/** What a lane shows, in words. */
function describeTrack(track: MaskTrack, doubtful: number, frameCount: number): string {
  if (track.size === 0) return 'no masks yet';
  const { prompted, tracked, stale, absent } = track.counts;
  const parts = [
    prompted > 0 && `${prompted} prompted`,
    tracked > 0 && `${tracked} tracked`,
    stale > 0 && `${stale} stale`,
    absent > 0 && `not there on ${absent}`,
    doubtful > 0 && `${doubtful} doubtful`,
  ].filter((part) => part !== false);
  return `${track.size} of ${frameCount} frames: ${parts.join(', ')}`;
}
