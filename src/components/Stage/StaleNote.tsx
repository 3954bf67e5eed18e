import { useStore } from 'zustand';
import { lookStore } from '../../stores/stage/lookStore.ts';
import { isShown, objectsStore } from '../../stores/work/objectsStore.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import styles from './Stage.module.css';

/** Says that a mask on the stage is stale, in the looks that have no stripes. */
export function StaleNote() {
  const look = useStore(lookStore, (state) => state.look);
  const frame = useStore(playbackStore, (state) => state.shownFrame);
  const isStale = useStore(objectsStore, (state) =>
    state.history.present.objects.some(
      ({ id, track }) => frame !== undefined && isShown(state, id) && track.get(frame)?.status === 'stale',
    ),
  );
  return look !== 'overlay' && isStale ? <p className={styles.stale}>Stale</p> : null;
}
