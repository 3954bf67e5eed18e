import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { CommandButton } from '../Button/CommandButton.tsx';
import styles from './Timeline.module.css';

/** The buttons that show more or less of the clip. */
export function TimelineZoom() {
  return (
    <div className={styles.zoom} role="group" aria-label="Timeline zoom">
      <CommandButton id="zoomTimelineOut" icon={<ZoomOut aria-hidden />} iconOnly />
      <CommandButton id="zoomTimelineIn" icon={<ZoomIn aria-hidden />} iconOnly />
      <CommandButton id="fitTimeline" icon={<Maximize2 aria-hidden />} iconOnly />
    </div>
  );
}
