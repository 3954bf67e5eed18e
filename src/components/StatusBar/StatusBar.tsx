import { useStore } from 'zustand';
import { hasTimeline, videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { plural } from '../format.ts';
import { Notices } from '../Notices/Notices.tsx';
import { ProjectBar } from '../Projects/ProjectBar.tsx';
import { SaveNote } from '../Projects/SaveNote.tsx';
import { TrackButton } from '../TrackButton/TrackButton.tsx';
import { Activity } from './Activity.tsx';
import styles from './StatusBar.module.css';

/** What is running and how far it is, and what went wrong and what can be done. */
export function StatusBar() {
  const clip = useStore(videoStore, (state) => state.clip);
  return (
    <div className={styles.status} role="status" aria-label="Status">
      <Notices />
      <ProjectBar />
      <div className={styles.line}>
        <Activity />
        <SaveNote />
        {clip && <span className={styles.facts}>{describe(clip)}</span>}
        {hasTimeline(clip) && <TrackButton place="status" />}
      </div>
    </div>
  );
}

function describe({ info }: Clip): string {
  const size = `${info.width} × ${info.height}`;
  if (info.kind === 'image') return `${size} · image`;
  const rate = info.duration > 0 ? ` · ${+(info.frameCount / info.duration).toFixed(2)} fps` : '';
  return `${size}${rate} · ${plural(info.frameCount, 'frame')} · ${info.codec}`;
}
