import type { CSSProperties } from 'react';
import { useStore } from 'zustand';
import { Slider } from 'radix-ui';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { seek } from '../../stores/work/trackingStore.ts';
import type { Clip } from '../../stores/clip/videoStore.ts';
import { formatTime } from '../format.ts';
import { Lanes } from './Lanes.tsx';
import { Marks } from './Marks.tsx';
import { Shots } from './Shots.tsx';
import { Thumbnails } from './Thumbnails.tsx';
import { Transport } from './Transport.tsx';
import styles from './Timeline.module.css';

/** Where the playhead is, and what each object has along the clip. */
export function Timeline({ clip }: { readonly clip: Clip }) {
  const frame = useStore(playbackStore, (state) => state.frame);
  const objects = useStore(objectsStore, (state) => state.history.present.objects);
  const { frameCount, timestamps } = clip.info;
  return (
    <section
      className={styles.timeline}
      aria-label="Timeline"
      style={{ '--at': frame / (frameCount - 1) } as CSSProperties}
    >
      <Transport clip={clip} />
      <div className={styles.rows}>
        <div className={styles.ruler}>
          <Marks frameCount={frameCount} />
          <Shots frameCount={frameCount} />
          <Slider.Root
            className={styles.slider}
            min={0}
            max={frameCount - 1}
            step={1}
            value={[frame]}
            onValueChange={([value]) => value !== undefined && seek(value)}
          >
            <Thumbnails clip={clip} />
            <Slider.Track className={styles.track}>
              <Slider.Range className={styles.range} />
            </Slider.Track>
            <Slider.Thumb
              className={styles.thumb}
              aria-label="Frame"
              aria-valuetext={`Frame ${frame} of ${frameCount}, ${formatTime(timestamps[frame] ?? 0)}`}
            />
          </Slider.Root>
        </div>
        <Lanes objects={objects} frameCount={frameCount} />
      </div>
    </section>
  );
}
