import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { Size } from '../../core/geometry.ts';
import type { Placement } from '../../core/viewport.ts';
import { nextColor } from '../../document/document.ts';
import { objectsStore, selectedObject } from '../../stores/work/objectsStore.ts';
import { previewStore } from '../../stores/stage/preview.ts';
import { MaskLayer } from './MaskLayer.tsx';
import styles from './Stage.module.css';

const FILL = 0.25;
/** In CSS pixels. */
const OUTLINE = 1;

interface PreviewLayerProps {
  /** The whole frame on the stage, in CSS pixels. */
  readonly stage: Size;
  /** What shows of it, in CSS pixels from its top left corner. */
  readonly part: Placement;
}

/** The mask that a click would get, in the colour that it would have. */
export function PreviewLayer({ stage, part }: PreviewLayerProps) {
  const shown = useStore(previewStore, (state) => state.shown);
  const color = useStore(
    objectsStore,
    (state) => selectedObject(state)?.color ?? nextColor(state.history.present),
  );
  const masks = useMemo(() => (shown ? [{ mask: shown.mask, color }] : []), [shown, color]);
  if (shown === undefined) return null;
  return (
    <div className={styles.preview} data-testid="preview">
      <MaskLayer masks={masks} stage={stage} part={part} fill={FILL} outline={OUTLINE} />
    </div>
  );
}
