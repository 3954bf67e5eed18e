import { useStore } from 'zustand';
import {
  ChevronLeft,
  ChevronRight,
  ChevronsLeft,
  ChevronsRight,
  Pause,
  Play,
  ShieldCheck,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  TriangleAlert,
} from 'lucide-react';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import type { Clip } from '../../stores/clip/videoStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import { formatTime } from '../format.ts';
import { TrackButton } from '../TrackButton/TrackButton.tsx';
import { FrameField } from './FrameField.tsx';
import { PlaybackOptions } from './PlaybackOptions.tsx';
import styles from './Timeline.module.css';

/** The buttons that move the playhead, where it is, and Track. */
export function Transport({ clip }: { readonly clip: Clip }) {
  const frame = useStore(playbackStore, (state) => state.frame);
  const playing = useStore(playbackStore, (state) => state.playing);
  const { frameCount, timestamps } = clip.info;
  return (
    <div className={styles.transport}>
      <div className={styles.readout}>
        <span>
          Frame <FrameField frame={frame} frameCount={frameCount} /> / {frameCount}
        </span>
        <span className={styles.time}>{formatTime(timestamps[frame] ?? 0)}</span>
      </div>
      <div className={styles.buttons}>
        <CommandButton id="firstFrame" icon={<SkipBack aria-hidden />} iconOnly />
        <CommandButton id="backTen" icon={<ChevronsLeft aria-hidden />} iconOnly className={styles.tens} />
        <CommandButton id="previousFrame" icon={<StepBack aria-hidden />} iconOnly />
        <CommandButton
          id="play"
          emphasis="solid"
          iconOnly
          label={playing ? 'Pause' : 'Play'}
          icon={playing ? <Pause aria-hidden /> : <Play aria-hidden />}
        />
        <CommandButton id="nextFrame" icon={<StepForward aria-hidden />} iconOnly />
        <CommandButton
          id="forwardTen"
          icon={<ChevronsRight aria-hidden />}
          iconOnly
          className={styles.tens}
        />
        <CommandButton id="lastFrame" icon={<SkipForward aria-hidden />} iconOnly />
      </div>
      <PlaybackOptions />
      <div className={styles.run}>
        <div className={styles.doubts} role="group" aria-label="Doubtful frames">
          <CommandButton id="previousDoubtful" icon={<ChevronLeft aria-hidden />} iconOnly />
          <TriangleAlert aria-hidden />
          <CommandButton id="nextDoubtful" icon={<ChevronRight aria-hidden />} iconOnly />
        </div>
        <CommandButton id="check" icon={<ShieldCheck aria-hidden />} iconOnly />
        <TrackButton place="transport" />
      </div>
    </div>
  );
}
