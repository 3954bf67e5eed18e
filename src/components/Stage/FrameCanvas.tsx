import { useEffect, type RefObject } from 'react';
import type { Size } from '../../core/geometry.ts';
import { connectStage } from '../../stores/clip/frames.ts';
import { capRaster, MAX_FRAME_SIDE } from './rasterSize.ts';
import styles from './Stage.module.css';

interface FrameCanvasProps {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly video: Size;
}

/** The frame itself. */
export function FrameCanvas({ canvas, video }: FrameCanvasProps) {
  const { width, height } = capRaster(video, MAX_FRAME_SIDE);
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { alpha: false });
    if (!context) return;
    context.imageSmoothingQuality = 'high';
    return connectStage((_frame, picture) => context.drawImage(picture, 0, 0, width, height));
  }, [canvas, width, height]);
  return <canvas ref={canvas} className={`${styles.layer} ${styles.frame}`} width={width} height={height} />;
}
