import { memo, useLayoutEffect, useRef } from 'react';
import type { Doubts } from '../../core/doubt.ts';
import type { FrameRanges } from '../../core/frameRanges.ts';
import type { FrameStatus } from '../../core/frameMask.ts';
import { frameToX, frameWidth, type TimeScale } from '../../core/timeScale.ts';
import type { MaskObject } from '../../document/document.ts';
import { useIsVisible } from './useIsVisible.ts';
import { LANE_LEGEND } from './laneLegend.ts';
import { doubtColumns, laneColumns } from './laneShape.ts';
import styles from './Timeline.module.css';

interface LaneProps {
  readonly object: MaskObject;
  readonly doubts: Doubts | undefined;
  readonly scale: TimeScale;
}

const HEIGHT = 20;
const DOT = 3.5;
const LOWEST_BAR = 4;
const ABSENT_LINE = 1;
const ALPHA: Partial<Record<FrameStatus, number>> = { stale: 0.9, interpolated: 0.4, detailed: 1 };
const STRIPE = 6;
const RAIL = 3;
const DOUBT_BAR = 4;
const DOUBT_WIDTH = 3;
const DOUBT_COLOR = '#ffc24b';
const REVIEWED_COLOR = '#4ade80';

const LEGEND = LANE_LEGEND.map(([mark, meaning]) => `${mark}: ${meaning}`).join('\n');

/**
 * What one object has along the clip: dots where it was prompted, bars as high as the score, a line where it is not in the frame,
 * stripes where stale, rails below where locked or reviewed, and one above where doubtful.
 */
export const Lane = memo(function Lane({ object, doubts, scale }: LaneProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const isVisible = useIsVisible(ref);
  const { width, scroll } = scale;
  const { track, prompts, color, locked, reviewed } = object;
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || width === 0 || !isVisible) return;
    const ratio = devicePixelRatio;
    context.canvas.width = Math.round(width * ratio);
    context.canvas.height = Math.round(HEIGHT * ratio);
    context.scale(ratio, ratio);
    const stripes = stripePattern(context, color);
    for (const [x, { status, score, width: cell }] of laneColumns(track.parts, scale)) {
      const height =
        status === 'absent'
          ? ABSENT_LINE
          : LOWEST_BAR + Math.min(Math.max(score, 0), 1) * (HEIGHT - LOWEST_BAR - 2);
      context.globalAlpha = ALPHA[status] ?? 0.75;
      context.fillStyle = status === 'stale' ? stripes : color;
      context.fillRect(x - scroll, HEIGHT - height, cell, height);
    }
    context.globalAlpha = 1;
    const drawRails = (ranges: FrameRanges, bottom: number, fill: string) => {
      for (const { first, last } of ranges) {
        const half = frameWidth(scale) / 2;
        const from = frameToX(first, scale) - half;
        const to = frameToX(Math.min(last, scale.frameCount - 1), scale) + half;
        context.fillStyle = '#000b';
        context.fillRect(from, bottom - RAIL - 1, to - from, RAIL + 1);
        context.fillStyle = fill;
        context.fillRect(from, bottom - RAIL, to - from, RAIL - 1);
      }
    };
    drawRails(reviewed ?? [], HEIGHT - RAIL, REVIEWED_COLOR);
    drawRails(locked, HEIGHT, '#fff');
    const doubtful = [...doubtColumns(doubts?.parts ?? [], scale)];
    // All edges before all cores: a doubt's neighbour must not darken it.
    for (const [edge, fill] of [[1, '#000c'] as const, [0, DOUBT_COLOR] as const]) {
      context.fillStyle = fill;
      for (const [x, { width: cell }] of doubtful)
        context.fillRect(x - scroll - edge, 0, Math.max(cell, DOUBT_WIDTH) + 2 * edge, DOUBT_BAR + edge);
    }
    for (const frame of prompts.keys()) {
      context.beginPath();
      context.arc(frameToX(frame, scale), HEIGHT / 2, DOT, 0, 2 * Math.PI);
      context.fillStyle = '#fff';
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = '#000c';
      context.stroke();
    }
  }, [track, doubts, prompts, color, locked, reviewed, scale, width, scroll, isVisible]);
  return (
    <canvas ref={ref} className={styles.lane} style={{ width, height: HEIGHT }} title={LEGEND} aria-hidden />
  );
});

function stripePattern(context: CanvasRenderingContext2D, color: string): CanvasPattern | string {
  const tile = new OffscreenCanvas(STRIPE, STRIPE);
  const tileContext = tile.getContext('2d');
  if (tileContext === null) return color;
  tileContext.strokeStyle = color;
  tileContext.lineWidth = 2;
  for (const shift of [-STRIPE, 0, STRIPE]) {
    tileContext.moveTo(shift, STRIPE);
    tileContext.lineTo(shift + STRIPE, 0);
  }
  tileContext.stroke();
  return context.createPattern(tile, 'repeat') ?? color;
}
