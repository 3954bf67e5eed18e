import { useMemo } from 'react';
import { useStore } from 'zustand';
import { rleArea } from '../../core/rle.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { objectsStore, selectedObject } from '../../stores/work/objectsStore.ts';
import { readingsOn, readingsStore, showReading, type ClickReadings } from '../../stores/work/readings.ts';
import { MaskThumbnail } from '../MaskThumbnail/MaskThumbnail.tsx';
import { useFramePicture } from '../MaskThumbnail/useFramePicture.ts';
import styles from './ReadingStrip.module.css';

/** What a click may mean, once another mask was asked for: a small picture of each, and which one is shown. */
export function ReadingStrip() {
  const found = useStore(readingsStore, (state) => state.found);
  const objects = useStore(objectsStore);
  const frame = useStore(playbackStore, (state) => state.frame);
  const click = useMemo(() => readingsOn(found, objects, frame), [found, objects, frame]);
  if (click === undefined || (click.isComplete && click.readings.length < 2)) return null;
  return <Strip click={click} color={selectedObject(objects)?.color ?? ''} />;
}

interface StripProps {
  readonly click: ClickReadings & { readonly chosen: number };
  readonly color: string;
}

function Strip({ click: { readings, chosen, isComplete, frame }, color }: StripProps) {
  const picture = useFramePicture(frame);
  // All pictures show the same part of the frame: that of the largest mask.
  const largest = useMemo(
    () => readings.map(({ mask }) => mask).toSorted((a, b) => rleArea(b) - rleArea(a))[0],
    [readings],
  );
  const count = isComplete ? `${chosen + 1} of ${readings.length}` : 'Looking…';
  return (
    <div className={styles.strip} role="group" aria-label="What the click may mean">
      <span className={styles.count}>{count}</span>
      {readings.map((reading, at) => (
        <button
          key={reading.reading}
          type="button"
          className={styles.reading}
          aria-label={`Mask ${at + 1}`}
          aria-pressed={at === chosen}
          title={`Mask ${at + 1} of this click (R for the next)`}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => showReading(reading)}
        >
          <MaskThumbnail mask={reading.mask} color={color} picture={picture} around={largest} />
        </button>
      ))}
    </div>
  );
}
