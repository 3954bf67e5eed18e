import type { ModelState } from '../../stores/model/modelStore.ts';
import { formatSize } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './StatusBar.module.css';

interface LoadProgressProps {
  readonly state: Extract<ModelState, { phase: 'loading' | 'compiling' }>;
}

/** How much of the model's weights has come. */
export function LoadProgress({ state }: LoadProgressProps) {
  const hasSize = state.phase === 'loading' && state.totalBytes > 0;
  const done = hasSize ? state.loadedBytes / state.totalBytes : undefined;
  return (
    <>
      <span className={styles.progress}>
        <ProgressBar label="Loading the model" value={done} />
      </span>
      <span className={styles.text}>
        {state.phase === 'compiling' ? 'Preparing the model…' : 'Loading the model'}
        {done !== undefined && state.phase === 'loading' && (
          <span className={styles.detail} aria-live="off">
            {formatSize(state.loadedBytes)} of {formatSize(state.totalBytes)}, {Math.floor(done * 100)} %
          </span>
        )}
      </span>
    </>
  );
}
