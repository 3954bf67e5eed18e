import type { RunPurpose, TrackingProgress } from '../../stores/work/trackingStore.ts';
import { formatPace, formatTimeLeft } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './StatusBar.module.css';

const NAMES: Record<RunPurpose, string> = {
  track: 'Tracking',
  check: 'Checking',
  everything: 'Following everything',
  detail: 'Decoding in detail',
};

/** What is said before the first frame is done. */
const FIRST: Record<RunPurpose, string> = {
  track: 'reading the first frame…',
  check: 'reading the first frame…',
  everything: 'looking for all things on the first frame…',
  detail: 'reading the first frame…',
};

/** How far a run or a check is, how fast it goes, and how long it will take. */
export function TrackProgress({ progress }: { readonly progress: TrackingProgress }) {
  const { purpose, doneFrames, totalFrames, framesPerSecond, secondsLeft, differing, lookingOn } = progress;
  const name = NAMES[purpose];
  return (
    <>
      <span className={styles.progress}>
        <ProgressBar label={name} value={totalFrames ? doneFrames / totalFrames : undefined} />
      </span>
      <span className={styles.text}>
        {name}
        <span className={styles.detail} aria-live="off">
          {totalFrames === undefined ? FIRST[purpose] : `frame ${doneFrames} of ${totalFrames}`}
          {lookingOn !== undefined &&
            totalFrames !== undefined &&
            ` · looking for new things on frame ${lookingOn}…`}
          {framesPerSecond !== undefined && ` · ${formatPace(framesPerSecond)}`}
          {secondsLeft !== undefined && ` · ${formatTimeLeft(secondsLeft)} left`}
          {purpose === 'check' && ` · ${differing} differ`}
          {purpose === 'detail' && totalFrames !== undefined && ` · ${differing} finer`}
        </span>
      </span>
    </>
  );
}
