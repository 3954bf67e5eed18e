import type { TrackingProgress } from '../../stores/work/trackingStore.ts';
import { formatPace, formatTimeLeft } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './StatusBar.module.css';

/** How far a run or a check is, how fast it goes, and how long it will take. */
export function TrackProgress({ progress }: { readonly progress: TrackingProgress }) {
  const { doneFrames, totalFrames, framesPerSecond, secondsLeft, differing } = progress;
  const name = differing === undefined ? 'Tracking' : 'Checking';
  return (
    <>
      <span className={styles.progress}>
        <ProgressBar label={name} value={totalFrames ? doneFrames / totalFrames : undefined} />
      </span>
      <span className={styles.text}>
        {name}
        <span className={styles.detail} aria-live="off">
          {totalFrames === undefined ? 'reading the first frame…' : `frame ${doneFrames} of ${totalFrames}`}
          {framesPerSecond !== undefined && ` · ${formatPace(framesPerSecond)}`}
          {secondsLeft !== undefined && ` · ${formatTimeLeft(secondsLeft)} left`}
          {differing !== undefined && ` · ${differing} differ`}
        </span>
      </span>
    </>
  );
}
