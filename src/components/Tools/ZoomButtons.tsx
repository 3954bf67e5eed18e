import { useStore } from 'zustand';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { placeFrame } from '../../core/viewport.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { viewStore } from '../../stores/stage/viewStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import styles from './Tools.module.css';

/** How large the frame is, and what changes that. */
export function ZoomButtons() {
  const video = useStore(videoStore, (state) => state.clip?.info);
  const percent = useStore(viewStore, ({ room, view }) =>
    view.zoom === 1 || !video
      ? undefined
      : Math.round((placeFrame(view, { room, video }).width / video.width) * 100),
  );
  return (
    <div className={`${styles.pair} ${styles.zoom}`} role="group" aria-label="Zoom">
      <span className={styles.readout} title="The size of a video pixel on the page">
        {percent === undefined ? 'Fit' : `${percent} %`}
      </span>
      <CommandButton id="zoomOut" icon={<ZoomOut aria-hidden />} iconOnly />
      <CommandButton id="zoomIn" icon={<ZoomIn aria-hidden />} iconOnly />
      <CommandButton id="zoomFit" icon={<Maximize aria-hidden />} iconOnly />
    </div>
  );
}
