import { useStore } from 'zustand';
import { frameToX, frameWidth, type TimeScale } from '../../core/timeScale.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import styles from './Timeline.module.css';

/** Where new shots begin. */
export function Shots({ scale }: { readonly scale: TimeScale }) {
  const shots = useStore(videoStore, (state) => state.shots);
  return (
    <ul className={styles.shots} aria-label="Shot changes">
      {shots.map((frame) => (
        <li
          key={frame}
          className={styles.shot}
          aria-label={`A shot begins on frame ${frame}`}
          style={{ left: frameToX(frame, scale) - frameWidth(scale) / 2 - 1 }}
        />
      ))}
    </ul>
  );
}
