import { MOST_AROUND } from '../core/limits.ts';
import type { MaskAround } from '../core/prompts.ts';
import { rleArea } from '../core/rle.ts';
import type { MaskObject } from './document.ts';

/**
 * The masks that a correction of a tracked frame is remembered by: those of the nearest prompted frames, and of the nearest
 * tracked ones on the way that tracking came. Stale and empty ones teach nothing.
 */
export function masksAround({ track, prompts, decoded }: MaskObject, frame: number): MaskAround[] {
  const found = (at: number, isPrompted: boolean): MaskAround[] => {
    const entry = track.get(at);
    if (entry === undefined || entry.status === 'stale' || rleArea(entry.mask) === 0) return [];
    return [{ frame: at, mask: entry.mask, isPrompted }];
  };
  const prompted = [...prompts]
    .filter(([at, given]) => at !== frame && decoded.get(at) === given)
    .map(([at]) => at)
    .sort((a, b) => Math.abs(a - frame) - Math.abs(b - frame) || a - b)
    .flatMap((at) => found(at, true))
    .slice(0, MOST_AROUND.prompted);
  // Tracked masks alone say nothing of what a person meant.
  if (prompted.length === 0) return [];
  const step = (track.get(frame)?.origin ?? 0) <= frame ? -1 : 1;
  const tracked: MaskAround[] = [];
  for (let at = frame + step; tracked.length < MOST_AROUND.tracked; at += step) {
    if (track.get(at) === undefined || prompts.has(at)) break;
    tracked.push(...found(at, false));
  }
  return [...prompted, ...tracked];
}
