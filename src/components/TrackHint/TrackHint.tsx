import { useStore } from 'zustand';
import { Waypoints, X } from 'lucide-react';
import { dismissTrackHint, hintStore, isBeforeTracking } from '../../stores/page/hintStore.ts';
import { hasTimeline, videoStore } from '../../stores/clip/videoStore.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { Button } from '../Button/Button.tsx';
import styles from './TrackHint.module.css';

/** Leads from the first mask to Track, once. It takes room of its own, and so covers nothing. */
export function TrackHint() {
  const isSeen = useStore(hintStore, (state) => state.isTrackHintSeen);
  const isTime = useStore(objectsStore, ({ history }) => isBeforeTracking(history.present));
  const canTrack = useStore(videoStore, ({ clip }) => hasTimeline(clip));
  if (isSeen || !isTime || !canTrack) return null;
  return (
    <div className={styles.hint} role="note" aria-label="Next step" data-hint="track">
      <Waypoints aria-hidden />
      <p>
        <b>That is a mask.</b> Now press <b>Track</b> (T): it follows the object through the clip.
      </p>
      <Button iconOnly icon={<X aria-hidden />} label="Dismiss the hint" onClick={dismissTrackHint} />
    </div>
  );
}
