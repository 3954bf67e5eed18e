import { useStore } from 'zustand';
import { isSettled, playbackStore } from '../../stores/clip/playbackStore.ts';
import { trackingStore } from '../../stores/work/trackingStore.ts';
import styles from './Stage.module.css';

/** Says that the picture is still that of another frame than the one that the person went to. */
export function SeekingNote() {
  const isFollowing = useStore(trackingStore, (state) => state.phase === 'running' && state.follow);
  const frame = useStore(playbackStore, (state) =>
    state.playing || state.shownFrame === undefined || isSettled(state) ? undefined : state.frame,
  );
  if (frame === undefined || isFollowing) return null;
  return <p className={styles.seeking}>Loading frame {frame}…</p>;
}
