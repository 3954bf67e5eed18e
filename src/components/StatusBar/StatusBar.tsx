import { useStore } from 'zustand';
import { TriangleAlert, X } from 'lucide-react';
import { modelStore } from '../../stores/model/modelStore.ts';
import { dismissNotice, noticesStore } from '../../stores/page/noticesStore.ts';
import { retryModel } from '../../stores/workers/recovery.ts';
import { hasTimeline, videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { Button } from '../Button/Button.tsx';
import { plural } from '../format.ts';
import { TrackButton } from '../TrackButton/TrackButton.tsx';
import { Activity } from './Activity.tsx';
import styles from './StatusBar.module.css';

/** What is running and how far it is, and what went wrong and what can be done. */
export function StatusBar() {
  const notices = useStore(noticesStore, (state) => state.notices);
  const model = useStore(modelStore);
  const clip = useStore(videoStore, (state) => state.clip);
  return (
    <div className={styles.status} role="status" aria-label="Status">
      <div className={styles.alerts}>
        {model.phase === 'failed' && (
          <div className={styles.alert} role="alert">
            <TriangleAlert aria-hidden />
            <p>{model.message}</p>
            <Button emphasis="solid" label={model.retry} onClick={retryModel} />
          </div>
        )}
        {notices.map(({ id, message, action }) => (
          <div key={id} className={styles.alert} role="alert">
            <TriangleAlert aria-hidden />
            <p>{message}</p>
            {action && <Button emphasis="solid" label={action.label} onClick={action.run} />}
            <Button iconOnly icon={<X aria-hidden />} label="Dismiss" onClick={() => dismissNotice(id)} />
          </div>
        ))}
      </div>
      <div className={styles.line}>
        <Activity />
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
