import { useRef, type RefObject } from 'react';
import { useStore } from 'zustand';
import type { Placement } from '../../core/viewport.ts';
import { stageStore } from '../../stores/stage/stageStore.ts';
import { GpuCanvas } from './GpuCanvas.tsx';
import { MaskCanvas } from './MaskCanvas.tsx';
import { useViewGestures } from './useViewGestures.ts';
import styles from './Stage.module.css';

interface SplitPaneProps {
  readonly place: Placement;
  readonly part: Placement;
  readonly frame: RefObject<HTMLCanvasElement | null>;
  readonly isCrisp: boolean;
}

/** The cut-out objects beside the frame, seen the same way. */
export function SplitPane({ place, part, frame, isCrisp }: SplitPaneProps) {
  const renderer = useStore(stageStore, (state) => state.renderer);
  const room = useRef<HTMLDivElement>(null);
  const { isPanning, handlers } = useViewGestures(room);
  return (
    <div ref={room} className={styles.room} data-panning={isPanning || undefined} {...handlers}>
      <div className={styles.stage} style={place} data-look="split" data-testid="cutout">
        {renderer === 'gpu' ? (
          <GpuCanvas pane="beside" part={part} />
        ) : (
          <MaskCanvas look="cutout" {...{ stage: place, part, frame, isCrisp }} />
        )}
      </div>
    </div>
  );
}
