import type { FrameRange } from '../core/frameRanges.ts';
import { MOST_BEHIND } from '../core/limits.ts';
import type { ObjectToTrack, TrackSpan } from '../core/protocol/segmenter.ts';
import { rleArea } from '../core/rle.ts';
import type { MaskObject } from './document.ts';
import { isKept } from './reviewed.ts';
import { areMeantToOverlap } from './stacking.ts';

/**
 * What a run is to do. `needed`: every frame of the range that has no mask or a stale one. `object`: the same of the selected object
 * only. `forward`, `backward`: from the playhead to the range's end. `step`, `stepBack`: the frame after the playhead, and the one
 * before it.
 */
export type TrackWay = 'needed' | 'object' | 'forward' | 'backward' | 'step' | 'stepBack';

/** What a plan depends on beside the objects. */
export interface TrackScope {
  readonly frameCount: number;
  readonly range: FrameRange;
  readonly playhead: number;
  readonly selectedId: number | undefined;
  /** First frames of new shots, at which spans end. */
  readonly shots: readonly number[];
  /** Whether masks that were filled in between others will do. */
  readonly isFast?: boolean;
}

export interface TrackPlan {
  readonly objects: readonly ObjectToTrack[];
  /** Whether something is left to do behind a shot change. */
  readonly isCut: boolean;
}

/**
 * What a run has to do: the objects with something to do there, and only that. Where all is done already it is done anew, for
 * the selected object, or for all with `needed`, and then over shot changes: nothing tells the next run what is left. Frames that are locked or reviewed are left alone, and so is what is behind them in the run's way from
 * the playhead.
 */
export function planTracking(objects: readonly MaskObject[], way: TrackWay, scope: TrackScope): TrackPlan {
  if (way === 'object')
    return planTracking(
      objects.filter(({ id }) => id === scope.selectedId),
      'needed',
      scope,
    );
  const prompted = objects.filter(({ prompts }) => prompts.size > 0);
  const open = planned(
    prompted,
    way,
    scope,
    (object, frame) => isOpen(object, frame) || (!scope.isFast && isFilledIn(object, frame)),
  );
  if (open.objects.length > 0) return open;
  if (way === 'needed') return planned(prompted, way, { ...scope, shots: [] }, () => true);
  const again = prompted.filter(({ id }) => id === scope.selectedId || scope.selectedId === undefined);
  return planned(again, way, scope, () => true);
}

/** What is left to do of a whole clip, whatever the shots: the frames of prompted objects that have no mask or a stale one. */
export function openFrames(objects: readonly MaskObject[], frameCount: number): readonly ObjectToTrack[] {
  const prompted = objects.filter(({ prompts }) => prompts.size > 0);
  const range = { first: 0, last: frameCount - 1 };
  const scope = { frameCount, range, playhead: 0, selectedId: undefined, shots: [] };
  return planned(prompted, 'needed', scope, isOpen).objects;
}

/** Whether the object has no mask on a frame that is true to its prompts. */
function isOpen({ track, prompts, decoded }: MaskObject, frame: number): boolean {
  const entry = track.get(frame);
  return entry === undefined || entry.status === 'stale' || prompts.get(frame) !== decoded.get(frame);
}

/** Whether the object’s mask was filled in between others, or is one of those in the midst of such masks. */
function isFilledIn({ track }: MaskObject, frame: number): boolean {
  const [here, before, after] = [frame, frame - 1, frame + 1].map((each) => track.get(each)?.status);
  return (
    here === 'interpolated' || (here === 'tracked' && before === 'interpolated' && after === 'interpolated')
  );
}

function planned(
  objects: readonly MaskObject[],
  way: TrackWay,
  scope: TrackScope,
  isMeant: typeof isOpen,
): TrackPlan {
  let isCut = false;
  const planOf = (object: MaskObject): ObjectToTrack => {
    const spans = spansOf(object, way, scope, isMeant).map((span) => {
      const cut = cutAtShot(span, scope.shots);
      isCut ||= cut.last !== span.last;
      return cut;
    });
    return { objectId: object.id, prompts: object.prompts, spans: remindedOfOthers(spans) };
  };
  const all = objects.map(planOf).filter(({ spans }) => spans !== undefined && spans.length > 0);
  return { objects: withOverlaps(all, objects), isCut };
}

/** Adds which of the planned objects lie on each other. */
function withOverlaps(planned: readonly ObjectToTrack[], objects: readonly MaskObject[]): ObjectToTrack[] {
  const ids = new Set(planned.map(({ objectId }) => objectId));
  const followed = objects.filter(({ id }) => ids.has(id));
  return planned.map((plan, at) => {
    const object = followed[at];
    const others = followed.filter((other) => object && other !== object && areMeantToOverlap(object, other));
    return others.length > 0 ? { ...plan, overlapping: others.map(({ id }) => id) } : plan;
  });
}

function spansOf(
  object: MaskObject,
  way: TrackWay,
  { playhead, range, frameCount }: TrackScope,
  isMeant: typeof isOpen,
): TrackSpan[] {
  const first = Math.min(...object.prompts.keys());
  const span = (direction: TrackSpan['direction'], from: number, to: number): TrackSpan => {
    const isAway = direction === 'forward' ? from >= first : from <= first;
    return {
      ...{ direction, first: from, last: to },
      behind: behindOf(object, from, direction),
      // Where a run goes towards the first prompt, it leads away from where it started.
      origin: isAway ? first : direction === 'forward' ? Math.max(from - 1, 0) : from + 1,
    };
  };
  const isFree = (frame: number) => !isKept(object, frame);
  const runs = (from: number, to: number) =>
    runsOf(
      { first: from, last: to },
      (frame) => isFree(frame) && isMeant(object, frame),
      (frame) => isFree(frame) && object.prompts.has(frame),
    );
  const spansFromHere = (direction: TrackSpan['direction'], run: FrameRange) => {
    const [from, to] = direction === 'forward' ? [run.first, run.last] : [run.last, run.first];
    return hasSource(object, from, direction)
      ? [span(direction, from, to)]
      : fromNearest(object, { direction, first: from, last: to }, frameCount).map((part) =>
          span(part.direction, part.first, part.last),
        );
  };
  if (way === 'needed') {
    return [
      ...runs(Math.max(first, range.first), range.last).map((run) => span('forward', run.first, run.last)),
      ...runs(range.first, Math.min(first - 1, range.last)).map((run) =>
        span('backward', run.last, run.first),
      ),
    ];
  }
  if (way === 'backward' || way === 'stepBack') {
    const end = way === 'stepBack' ? Math.max(playhead - 1, 0) : range.first;
    const blocked = lastOf(end, playhead - 1, (frame) => !isFree(frame)) ?? end - 1;
    return runs(blocked + 1, playhead - 1)
      .reverse()
      .flatMap((run) => spansFromHere('backward', run));
  }
  const end = way === 'step' ? Math.min(playhead + 1, frameCount - 1) : range.last;
  const blocked = firstOf(playhead + 1, end, (frame) => !isFree(frame)) ?? end + 1;
  return runs(playhead + 1, blocked - 1).flatMap((run) => spansFromHere('forward', run));
}

type Way = Pick<TrackSpan, 'direction' | 'first' | 'last'>;

/** Whether a span that starts on a frame has something to start from: prompts there or behind it, or a mask right behind it. */
function hasSource(object: MaskObject, start: number, direction: TrackSpan['direction']): boolean {
  const isBehind = (frame: number) => (direction === 'forward' ? frame <= start : frame >= start);
  return [...object.prompts.keys()].some(isBehind) || behindOf(object, start, direction).length > 0;
}

/**
 * How to track frames that have nothing behind them: from the nearest prompt or mask ahead back to them, over what lies between;
 * and from there on in their own way. Nothing where a frame that is locked or reviewed is in between.
 */
function fromNearest(object: MaskObject, { direction, first, last }: Way, frameCount: number): Way[] {
  const { track, prompts } = object;
  const step = direction === 'forward' ? 1 : -1;
  const isSource = (frame: number) => {
    const entry = track.get(frame);
    return prompts.has(frame) || (entry && entry.status !== 'stale' && rleArea(entry.mask) > 0);
  };
  let source = first + step;
  while (!isSource(source)) {
    if (source < 0 || source >= frameCount || isKept(object, source)) return [];
    source += step;
  }
  const back = direction === 'forward' ? 'backward' : 'forward';
  const toFirst: Way = { direction: back, first: source - step, last: first };
  return step * (last - source) > 0 ? [toFirst, { direction, first: source + step, last }] : [toFirst];
}

/** The same spans, reminded of no mask that one of them makes anew: a run again gives the same masks again. */
function remindedOfOthers(spans: readonly TrackSpan[]): TrackSpan[] {
  const isAnew = (frame: number) =>
    spans.some(({ first, last }) => Math.min(first, last) <= frame && frame <= Math.max(first, last));
  return spans.map((span) => ({ ...span, behind: span.behind.filter(({ frame }) => !isAnew(frame)) }));
}

/** Longest runs of meant frames. Those that may be passed join two runs, but start and end none. */
function runsOf(
  { first, last }: FrameRange,
  isMeant: (frame: number) => boolean,
  mayPass: (frame: number) => boolean,
): FrameRange[] {
  const runs: FrameRange[] = [];
  let isJoined = false;
  for (let frame = first; frame <= last; frame++) {
    const meant = isMeant(frame);
    const run = runs.at(-1);
    if (meant && run && isJoined) runs[runs.length - 1] = { first: run.first, last: frame };
    else if (meant) runs.push({ first: frame, last: frame });
    isJoined = meant || (isJoined && mayPass(frame));
  }
  return runs;
}

/** The object's tracked masks behind the start of a span, the nearest first. Stale ones teach nothing; prompts are known anyway. */
function behindOf(
  { track, prompts }: MaskObject,
  start: number,
  direction: TrackSpan['direction'],
): TrackSpan['behind'] {
  const step = direction === 'forward' ? -1 : 1;
  const behind: { frame: number; mask: TrackSpan['behind'][number]['mask'] }[] = [];
  for (let frame = start + step; behind.length < MOST_BEHIND; frame += step) {
    const entry = track.get(frame);
    if (entry === undefined) break;
    if (prompts.has(frame)) continue;
    if (entry.status !== 'stale' && rleArea(entry.mask) > 0) behind.push({ frame, mask: entry.mask });
  }
  return behind;
}

/** The part of a span before the first shot change that it comes to. */
function cutAtShot(span: TrackSpan, shots: readonly number[]): TrackSpan {
  const { direction, first, last } = span;
  if (direction === 'forward') {
    const shot = shots.find((start) => first < start && start <= last);
    return shot === undefined ? span : { ...span, last: shot - 1 };
  }
  const shot = shots.findLast((start) => last < start && start <= first);
  return shot === undefined ? span : { ...span, last: shot };
}

/**
 * Whether a run that did `before` and then `frame` comes next to a shot change that was not known when it was planned.
 */
export function comesToNewShot(
  before: number | undefined,
  frame: number,
  shots: readonly number[],
  planned: readonly number[],
): boolean {
  if (before === undefined || Math.abs(frame - before) !== 1) return false;
  const shot = frame > before ? frame + 1 : frame;
  return shots.includes(shot) && !planned.includes(shot);
}

function firstOf(from: number, to: number, is: (frame: number) => boolean): number | undefined {
  for (let frame = from; frame <= to; frame++) if (is(frame)) return frame;
  return undefined;
}

function lastOf(from: number, to: number, is: (frame: number) => boolean): number | undefined {
  for (let frame = to; frame >= from; frame--) if (is(frame)) return frame;
  return undefined;
}
