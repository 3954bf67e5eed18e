import type { TrackingProgress } from '../../stores/trackingStore.ts';
import { formatTimeLeft } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './StatusBar.module.css';

/** How far a tracking run is, how fast it goes, and how long it will take. */
export function TrackProgress({ progress }: { readonly progress: TrackingProgress }) {
  const { doneFrames, totalFrames, framesPerSecond, secondsLeft } = progress;
  return (
    <>
      <span className={styles.progress}>
        <ProgressBar label="Tracking" value={totalFrames ? doneFrames / totalFrames : undefined} />
      </span>
      <span className={styles.text}>
        Tracking
        <span className={styles.detail} aria-live="off">
          {totalFrames === undefined ? 'reading the first frame…' : `frame ${doneFrames} of ${totalFrames}`}
          {framesPerSecond !== undefined && ` · ${framesPerSecond.toFixed(1)} frames per second`}
          {secondsLeft !== undefined && ` · ${formatTimeLeft(secondsLeft)} left`}
        </span>
      </span>
    </>
  );
}
