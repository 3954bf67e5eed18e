import { useLayoutEffect, useRef, type CSSProperties } from 'react';
import { useStore } from 'zustand';
import { Slider } from 'radix-ui';
import { frameToX, rulerLength } from '../../core/timeScale.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { layOutTimeline, timelineStore } from '../../stores/clip/timelineStore.ts';
import { seek } from '../../stores/work/trackingStore.ts';
import type { Clip } from '../../stores/clip/videoStore.ts';
import { formatTime } from '../format.ts';
import { HoverThumbnail } from './HoverThumbnail.tsx';
import { Lanes } from './Lanes.tsx';
import { Marks } from './Marks.tsx';
import { runAltCommand } from './runAltCommand.ts';
import { Shots } from './Shots.tsx';
import { Thumbnails } from './Thumbnails.tsx';
import { TimelineScrollbar } from './TimelineScrollbar.tsx';
import { TimelineZoom } from './TimelineZoom.tsx';
import { Transport } from './Transport.tsx';
import { useTimelineGestures } from './useTimelineGestures.ts';
import { useWidth } from './useWidth.ts';
import styles from './Timeline.module.css';

/** Where the playhead is, and what each object has along the clip. */
export function Timeline({ clip }: { readonly clip: Clip }) {
  const frame = useStore(playbackStore, (state) => state.frame);
  const objects = useStore(objectsStore, (state) => state.history.present.objects);
  const scale = useStore(timelineStore, (state) => state.scale);
  const { frameCount, timestamps } = clip.info;
  const rows = useRef<HTMLDivElement>(null);
  const sight = useRef<HTMLDivElement>(null);
  const gestures = useTimelineGestures(rows, sight);
  const width = useWidth(sight);
  useLayoutEffect(() => {
    if (width > 0) layOutTimeline(frameCount, width);
  }, [frameCount, width]);
  const places = {
    '--at': `${frameToX(frame, scale)}px`,
    '--length': `${rulerLength(scale)}px`,
    '--scroll': `${scale.scroll}px`,
  } as CSSProperties;
  return (
    <section className={styles.timeline} aria-label="Timeline" style={places}>
      <Transport clip={clip} />
      <div className={styles.film}>
        <div ref={rows} id="timeline-rows" className={styles.rows} {...gestures}>
          <div className={styles.ruler}>
            <TimelineZoom />
            <div ref={sight} className={styles.sight}>
              <Thumbnails clip={clip} scale={scale} />
              <div className={styles.whole}>
                <Marks frameCount={frameCount} />
                <Slider.Root
                  className={styles.slider}
                  min={0}
                  max={frameCount - 1}
                  step={1}
                  value={[frame]}
                  onValueChange={([value]) => value !== undefined && seek(value)}
                  onKeyDown={runAltCommand}
                >
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
              <Shots scale={scale} />
              <div className={styles.playhead} data-testid="playhead" />
            </div>
          </div>
          <Lanes objects={objects} scale={scale} rows={rows} />
        </div>
        <TimelineScrollbar controls="timeline-rows" />
        <HoverThumbnail clip={clip} sight={sight} />
      </div>
    </section>
  );
}
