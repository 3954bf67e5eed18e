import type { CSSProperties } from 'react';
import { useStore } from 'zustand';
import { videoStore } from '../../stores/clip/videoStore.ts';
import styles from './Timeline.module.css';

/** Where new shots begin. */
export function Shots({ frameCount }: { readonly frameCount: number }) {
  const shots = useStore(videoStore, (state) => state.shots);
  return (
    <ul className={styles.shots} aria-label="Shot changes">
      {shots.map((frame) => (
        <li
          key={frame}
          className={styles.shot}
          aria-label={`A shot begins on frame ${frame}`}
          style={{ '--at-shot': (frame - 0.5) / (frameCount - 1) } as CSSProperties}
        />
      ))}
    </ul>
  );
}
