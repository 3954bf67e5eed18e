import type { ClipInfo } from '../../src/core/clip.ts';
import { isClip } from './plausible.ts';

const TIMES = '"timestamps":[';

/**
 * The facts of a clip as JSON, put together from JSON that is damaged among the times of its frames, which are by far the most of it. A frame whose
 * time cannot be read gets that of a frame of average length behind the one before. Nothing where the other facts cannot be read.
 */
export function mendClip(text: string): string | undefined {
  const start = text.indexOf(TIMES) + TIMES.length;
  const end = text.lastIndexOf(']');
  if (start < TIMES.length || end < start) return undefined;
  const facts = parse(text.slice(0, start) + text.slice(end));
  if (facts === undefined) return undefined;
  const { frameCount, duration } = facts;
  const pieces = text.slice(start, end).split(',');
  // A number that is damaged allocates nothing: there are as many pieces as there are frames, or nearly.
  if (Math.abs(pieces.length - frameCount) > 1) return undefined;
  const step = Number.isFinite(duration) && duration > 0 ? duration / frameCount : 0;
  const timestamps: number[] = [];
  for (let frame = 0; frame < frameCount; frame++) {
    const last = timestamps.at(-1) ?? -step;
    const time = Number(pieces[frame] || Number.NaN);
    const isLikely = time >= Math.max(last, 0) && (step === 0 || time <= duration);
    timestamps.push(isLikely ? time : last + step);
  }
  return isClip(facts, timestamps) ? JSON.stringify({ ...facts, timestamps }) : undefined;
}

function parse(json: string): ClipInfo | undefined {
  try {
    return JSON.parse(json) as ClipInfo;
  } catch {
    return undefined;
  }
}
