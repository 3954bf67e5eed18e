import { useLayoutEffect, useRef } from 'react';
import type { Pane } from '../../core/stageScene.ts';
import type { Placement } from '../../core/viewport.ts';
import { connectPane } from '../../stores/stage/gpuStage.ts';
import styles from './Stage.module.css';

interface GpuCanvasProps {
  readonly pane: Pane;
  /** What shows of the frame, in CSS pixels from its top left corner. */
  readonly part: Placement;
}

/** A canvas that the stage's worker draws on. React makes none: one that was given away can neither be taken back nor used again. */
export function GpuCanvas({ pane, part }: GpuCanvasProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const canvas = document.createElement('canvas');
    ref.current?.append(canvas);
    connectPane(pane, canvas);
    return () => canvas.remove();
  }, [pane]);
  return <div ref={ref} className={styles.gpu} style={part} />;
}
