import { hasPrompts } from '../../src/core/prompts.ts';
import type {
  ObjectToTrack,
  TrackEvent,
  TrackRequest,
  TrackSpan,
} from '../../src/core/protocol/segmenter.ts';
import { rleArea, type MaskRle } from '../../src/core/rle.ts';
import { planPasses, wholeClip, type Pass } from '../tracker/run/passes.ts';

/** Masks that a span is reminded of at most. */
const BEHIND = 6;

/**
 * What of a run is left to do after some of its events. Spans that were begun start behind the last frame that is done, and are
 * reminded of the masks there, as a later run of the page's would be.
 *
 * @param done the events, in order
 */
export function restOfRun(
  { objects, settings }: TrackRequest,
  done: readonly TrackEvent[],
  frameCount: number,
): TrackRequest {
  const planned = objects
    .filter(({ prompts }) => [...prompts.values()].some(hasPrompts))
    .map((object) => ({ ...object, spans: object.spans ?? spansOf(object, frameCount) }));
  const passes = planPasses(planned.flatMap(({ spans }) => spans));
  const reached = new Map<TrackEvent, Pass>();
  let next = 0;
  for (const pass of passes) {
    const length = Math.abs(pass.to - pass.from) + 1;
    for (const event of done.slice(next, next + length)) reached.set(event, pass);
    next += length;
  }
  const restOf = (object: (typeof planned)[number], span: TrackSpan): TrackSpan[] => {
    const step = span.direction === 'forward' ? 1 : -1;
    const within = ({ frame }: TrackEvent) =>
      step * (frame - span.first) >= 0 && step * (span.last - frame) >= 0;
    const events = done.filter((event) => reached.get(event)?.direction === span.direction && within(event));
    const last = events.at(-1);
    if (!last) return [span];
    if (last.frame === span.last) return [];
    const first = last.frame + step;
    return [{ ...span, first, behind: behind(object, first, events, span.behind) }];
  };
  const rest = planned.map((object) => ({
    ...object,
    spans: object.spans.flatMap((span) => restOf(object, span)),
  }));
  return { objects: rest.filter(({ spans }) => spans.length > 0), settings };
}

function spansOf({ prompts }: ObjectToTrack, frameCount: number): TrackSpan[] {
  const prompted = [...prompts].filter(([, given]) => hasPrompts(given)).map(([frame]) => frame);
  return wholeClip(Math.min(...prompted), frameCount);
}

/** The object's masks behind frame `first`, the nearest first, as far as its nearest prompt. */
function behind(
  { objectId, prompts }: ObjectToTrack,
  first: number,
  events: readonly TrackEvent[],
  before: TrackSpan['behind'],
): TrackSpan['behind'] {
  if (prompts.has(first)) return [];
  const masks: { frame: number; mask: MaskRle }[] = [];
  for (const { frame, objects } of events.toReversed()) {
    const found = objects.find((each) => each.objectId === objectId);
    if (prompts.has(frame)) return masks;
    if (found && rleArea(found.mask) > 0) masks.push({ frame, mask: found.mask });
    if (masks.length === BEHIND) return masks;
  }
  return [...masks, ...before].slice(0, BEHIND);
}
