import { useEffect, useLayoutEffect } from 'react';
import type { Size } from '../../core/geometry.ts';
import { shareOfFrame, WHOLE_FRAME, type Placement } from '../../core/viewport.ts';
import { drawOnGpu, setSceneView } from '../../stores/stage/gpuStage.ts';
import { GpuCanvas } from './GpuCanvas.tsx';
import { capRaster, MAX_GPU_SIDE } from './rasterSize.ts';

interface GpuStageProps {
  /** The whole frame on the stage, in CSS pixels. */
  readonly stage: Size;
  /** What shows of it, in CSS pixels from its top left corner. */
  readonly part: Placement;
  /** Whether the frame's own pixels are to be seen. */
  readonly isCrisp: boolean;
}

/** The frame with its masks, drawn by a worker with a GPU: one picture, so that they change together. */
export function GpuStage({ stage, part, isCrisp }: GpuStageProps) {
  const { left, top, width, height } = part;
  useLayoutEffect(() => {
    const size = capRaster(
      { width: width * devicePixelRatio, height: height * devicePixelRatio },
      MAX_GPU_SIDE,
    );
    const isEmpty = width <= 0 || height <= 0;
    const whole = { width: stage.width, height: stage.height };
    const shown = isEmpty ? WHOLE_FRAME : shareOfFrame({ left, top, width, height }, whole);
    setSceneView({ size, part: shown, scale: isEmpty ? 1 : size.width / width, isCrisp });
  }, [left, top, width, height, stage.width, stage.height, isCrisp]);
  useEffect(drawOnGpu, []);
  return <GpuCanvas pane="frame" part={part} />;
}
