import { includesFrame } from '../core/frameRanges.ts';
import type { ObjectToTrack, TrackSpan } from '../core/protocol/segmenter.ts';
import { rleArea } from '../core/rle.ts';
import type { MaskObject } from './document.ts';
import type { TrackPlan, TrackScope } from './trackPlan.ts';

type Direction = TrackSpan['direction'];

/** Tracked frames next to each other, which one run went through: from `first` to `last`, in its way. */
interface Stretch {
  readonly direction: Direction;
  readonly first: number;
  readonly last: number;
}

/**
 * How to check the tracked masks of the selected object in the range: each stretch of them is tracked once more, the other way,
 * from its end. Where the next frame there was prompted, that prompt is what the check sets out from; elsewhere it is the
 * stretch's last mask, which then is not checked itself. Shots are checked one by one. Locked frames are left alone.
 */
export function planCheck(objects: readonly MaskObject[], scope: TrackScope): TrackPlan {
  const planOf = (object: MaskObject): ObjectToTrack => ({
    objectId: object.id,
    prompts: object.prompts,
    spans: stretchesOf(object, scope).flatMap((stretch) => spanBack(object, stretch, scope.shots)),
  });
  const planned = objects.filter(({ id }) => id === scope.selectedId).map(planOf);
  return { objects: planned.filter(({ spans = [] }) => spans.length > 0), isCut: false };
}

/** What one run did in one shot, between prompts, gaps, stale and locked frames. */
function stretchesOf(object: MaskObject, { range, shots }: TrackScope): Stretch[] {
  const stretches: Stretch[] = [];
  let [low, way]: [number, Direction | undefined] = [range.first, undefined];
  for (let frame = range.first; frame <= range.last + 1; frame++) {
    const here = frame > range.last ? undefined : wayTo(object, frame);
    if (here === way && !shots.includes(frame)) continue;
    if (way === 'forward') stretches.push({ direction: way, first: low, last: frame - 1 });
    if (way === 'backward') stretches.push({ direction: way, first: frame - 1, last: low });
    [low, way] = [frame, here];
  }
  return stretches;
}

/** Which way tracking came to a frame; nothing where it did not, or where what it found may not be touched. */
function wayTo({ track, prompts, locked }: MaskObject, frame: number): Direction | undefined {
  const entry = track.get(frame);
  const isTracked = entry !== undefined && entry.status !== 'prompted' && entry.status !== 'stale';
  if (!isTracked || prompts.has(frame) || includesFrame(locked, frame)) return undefined;
  return (entry.origin ?? 0) <= frame ? 'forward' : 'backward';
}

function spanBack(
  { track, prompts }: MaskObject,
  { direction, first, last }: Stretch,
  shots: readonly number[],
): TrackSpan[] {
  const step = direction === 'forward' ? 1 : -1;
  const back = direction === 'forward' ? 'backward' : 'forward';
  const beyond = last + step;
  const isNextShot = shots.includes(Math.max(last, beyond));
  if (prompts.has(beyond) && !isNextShot)
    return [{ direction: back, first: last, last: first, behind: [], origin: beyond }];
  for (let frame = last; frame !== first; frame -= step) {
    const mask = track.get(frame)?.mask;
    if (mask === undefined || rleArea(mask) === 0) continue;
    const behind = [{ frame, mask }];
    return [{ direction: back, first: frame - step, last: first, behind, origin: frame }];
  }
  return [];
}
