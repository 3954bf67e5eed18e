import type { VideoBox, VideoPoint } from './geometry.ts';
import type { FramePrompts, PointLabel } from './prompts.ts';

/** Prompts with one more point. */
export function withPoint(prompts: FramePrompts, { x, y }: VideoPoint, label: PointLabel): FramePrompts {
  return { ...prompts, points: [...prompts.points, { x, y, label }] };
}

/** Prompts with a box in place of the one before. */
export function withBox(prompts: FramePrompts, box: VideoBox): FramePrompts {
  return { ...prompts, box };
}

/** Prompts without their box. */
export function withoutBox({ box: _box, ...rest }: FramePrompts): FramePrompts {
  return rest;
}

/** Prompts with the point at `index` moved; unchanged if there is none. */
export function withMovedPoint(prompts: FramePrompts, index: number, { x, y }: VideoPoint): FramePrompts {
  const point = prompts.points[index];
  if (point === undefined) return prompts;
  return { ...prompts, points: prompts.points.with(index, { ...point, x, y }) };
}

/** Prompts without the point at `index`; unchanged if there is none. */
export function withoutPoint(prompts: FramePrompts, index: number): FramePrompts {
  return { ...prompts, points: prompts.points.filter((_, at) => at !== index) };
}
