import { useLayoutEffect, useRef, type RefObject } from 'react';
import { useStore } from 'zustand';
import type { Size } from '../../core/geometry.ts';
import { shareOfFrame, type Placement } from '../../core/viewport.ts';
import { brushStore } from '../../stores/work/brushStore.ts';
import { areSameMasks, frameToDraw, type DrawnFrame } from '../../stores/stage/drawnMasks.ts';
import { edgedMasksStore } from '../../stores/stage/edgedMasks.ts';
import { lookStore } from '../../stores/stage/lookStore.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { MaskPicture, type MaskLook } from './maskPicture.ts';
import { capRaster } from './rasterSize.ts';
import styles from './Stage.module.css';

interface MaskCanvasProps {
  readonly look: MaskLook;
  /** The whole frame on the stage, in CSS pixels. */
  readonly stage: Size;
  /** What shows of it, in CSS pixels from its top left corner. */
  readonly part: Placement;
  readonly frame: RefObject<HTMLCanvasElement | null>;
  /** Whether the frame's own pixels are to be seen. */
  readonly isCrisp: boolean;
}

const NOTHING: DrawnFrame = { masks: [], isShaped: false, cutOut: undefined };

/**
 * The masks over the part of the frame that shows. Drawn outside React, in the same turn in which the frame is drawn, so
 * that masks and frame change together.
 */
export function MaskCanvas({ look, stage, part, frame, isCrisp }: MaskCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const kept = useRef<MaskPicture>(undefined);
  const opacity = useStore(lookStore, (state) => state.opacity);
  const { left, top, width, height } = part;
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || width <= 0 || height <= 0) return;
    const picture = (kept.current ??= new MaskPicture(context));
    const size = capRaster({ width: width * devicePixelRatio, height: height * devicePixelRatio });
    picture.resize(size);
    const whole = { width: stage.width, height: stage.height };
    const shown = shareOfFrame({ left, top, width, height }, whole);
    const style = { look, opacity, isCrisp, scale: size.width / width };
    let drawn = NOTHING;
    let drawnFrame: number | undefined;
    const draw = () => {
      const { shownFrame } = playbackStore.getState();
      const next = shownFrame === undefined ? NOTHING : frameToDraw(shownFrame);
      const hasOtherPixels = look === 'cutout' && shownFrame !== drawnFrame;
      if (areSameMasks(next, drawn) && !hasOtherPixels) return;
      drawn = next;
      drawnFrame = shownFrame;
      picture.draw(next, style, shown, frame.current);
    };
    draw();
    const ends = [objectsStore, playbackStore, brushStore, edgedMasksStore].map((store) =>
      store.subscribe(draw),
    );
    return () => ends.forEach((end) => end());
  }, [look, opacity, isCrisp, left, top, width, height, stage.width, stage.height, frame]);
  return <canvas ref={ref} className={styles.masks} style={part} />;
}
