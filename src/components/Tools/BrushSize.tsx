import { useStore } from 'zustand';
import { CircleMinus, CirclePlus } from 'lucide-react';
import { brushStore } from '../../stores/work/brushStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import styles from './Tools.module.css';

/** How wide the brush is, in pixels of the video. */
export function BrushSize() {
  const diameter = useStore(brushStore, (state) => state.diameter);
  return (
    <div className={styles.pair} role="group" aria-label="Brush size">
      <span className={styles.readout} title="The brush’s diameter in pixels of the video">
        {diameter} px
      </span>
      <CommandButton id="smallerBrush" icon={<CircleMinus aria-hidden />} iconOnly />
      <CommandButton id="largerBrush" icon={<CirclePlus aria-hidden />} iconOnly />
    </div>
  );
}
