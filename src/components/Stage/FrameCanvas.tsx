import { useEffect, useRef } from 'react';
import type { Size } from '../../core/geometry.ts';
import { connectStage } from '../../stores/frames.ts';
import { capRaster, MAX_FRAME_SIDE } from './rasterSize.ts';
import styles from './Stage.module.css';

/** The frame itself. */
export function FrameCanvas({ video }: { readonly video: Size }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height } = capRaster(video, MAX_FRAME_SIDE);
  useEffect(() => {
    const context = ref.current?.getContext('2d', { alpha: false });
    if (!context) return;
    context.imageSmoothingQuality = 'high';
    return connectStage((picture) => context.drawImage(picture, 0, 0, width, height));
  }, [width, height]);
  return <canvas ref={ref} className={`${styles.layer} ${styles.frame}`} width={width} height={height} />;
}
