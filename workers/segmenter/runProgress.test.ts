import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  type ObjectToTrack,
  type TrackEvent,
  type TrackRequest,
  type TrackSpan,
} from '../../src/core/protocol/segmenter.ts';
import { emptyRle, encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { planPasses } from '../tracker/run/passes.ts';
import { RunProgress } from './runProgress.ts';

const SIZE = { width: 10, height: 2 };
const FRAMES = 12;

/** A mask that tells its frame. */
function maskOf(frame: number): MaskRle {
  return encodeRle(
    Uint8Array.from({ length: 20 }, (_, i) => Number(i <= frame)),
    SIZE,
  );
}

function span(direction: TrackSpan['direction'], first: number, last: number): TrackSpan {
  return { direction, first, last, behind: [], origin: 0 };
}

function object(objectId: number, prompted: number, ...spans: TrackSpan[]): ObjectToTrack {
  return { objectId, prompts: new Map([[prompted, { points: [{ x: 1, y: 1, label: 1 }] }]]), spans };
}

/** The first `count` events of a run in which all objects are seen on every frame but `absent`. */
function eventsOf({ objects }: TrackRequest, count: number, absent?: number): TrackEvent[] {
  const frames = planPasses(objects.flatMap(({ spans }) => spans ?? [])).flatMap(({ from, to }) =>
    Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + Math.sign(to - from) * i),
  );
  return frames.slice(0, count).map((frame, i) => ({
    frame,
    objects: objects.map(({ objectId }) => ({
      objectId,
      mask: frame === absent ? emptyRle(SIZE) : maskOf(frame),
      score: 1,
      status: frame === absent ? ('absent' as const) : ('tracked' as const),
    })),
    doneFrames: i + 1,
    totalFrames: frames.length,
  }));
}

function progressOf(request: TrackRequest, events: readonly TrackEvent[]): RunProgress {
  const progress = new RunProgress(request, FRAMES);
  for (const event of events) progress.add(event);
  return progress;
}

function rest(objects: ObjectToTrack[], done: number, absent?: number) {
  const request = { objects, settings: DEFAULT_SETTINGS };
  return progressOf(request, eventsOf(request, done, absent)).rest().objects;
}

const spansOf = ({ objectId, spans = [] }: ObjectToTrack) => [
  objectId,
  ...spans.map(({ direction, first, last }) => `${direction} ${first}–${last}`),
];
const behindOf = ({ spans = [] }: ObjectToTrack) => spans[0]?.behind.map(({ frame }) => frame);

describe('the rest of a run', () => {
  it('is all of it before the first event, and nothing after the last', () => {
    const objects = [object(1, 2, span('forward', 2, 9), span('backward', 1, 0))];
    expect(rest(objects, 0)).toEqual(objects);
    expect(rest(objects, 10)).toEqual([]);
  });

  it('starts behind the last frame, and is reminded of six masks there, the nearest first', () => {
    const [left] = rest([object(1, 0, span('forward', 0, 11))], 9);
    expect(spansOf(left!)).toEqual([1, 'forward 9–11']);
    expect(left!.spans![0]!.behind).toEqual(
      [8, 7, 6, 5, 4, 3].map((frame) => ({ frame, mask: maskOf(frame) })),
    );
  });

  it('needs six masks an object, however long the run', () => {
    const objects = [1, 2].map((id) => object(id, 0, span('forward', 0, 11), span('backward', 11, 0)));
    const request = { objects, settings: DEFAULT_SETTINGS };
    const events = eventsOf(request, 24);
    const kept = events.map((_, i) => progressOf(request, events.slice(0, i + 1)).masksKept / 2);
    expect(kept).toEqual([...[1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6], ...[1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6]]);
  });

  it('is reminded of nothing of another pass', () => {
    const back = { ...span('backward', 11, 1), behind: [] };
    const [left] = rest([object(1, 0, span('forward', 0, 9), back)], 12);
    expect(spansOf(left!)).toEqual([1, 'backward 9–1']);
    expect(behindOf(left!)).toEqual([10, 11]);
  });

  it('is reminded of tracked masks only, and of none without the object', () => {
    expect(behindOf(rest([object(1, 5, span('forward', 0, 11))], 9, 7)[0]!)).toEqual([8, 6, 4, 3, 2]);
    expect(behindOf(rest([object(1, 9, span('forward', 0, 11))], 9)[0]!)).toEqual([8, 7, 6, 5, 4, 3]);
  });

  it('is also reminded of what the span was, where it has just begun', () => {
    const behind = [{ frame: 3, mask: maskOf(3) }];
    const [left] = rest([object(1, 0, { ...span('forward', 4, 11), behind })], 2);
    expect(behindOf(left!)).toEqual([5, 4, 3]);
  });

  it('leaves out what each object has done in each direction', () => {
    const objects = [
      object(1, 4, span('forward', 4, 6), span('forward', 10, 11), span('backward', 3, 0)),
      object(2, 6, span('forward', 6, 8), span('backward', 5, 0)),
    ];
    // Forward 4 to 8 and 10 to 11, then backward 5 to 0.
    expect(rest(objects, 4).map(spansOf)).toEqual([
      [1, 'forward 10–11', 'backward 3–0'],
      [2, 'forward 8–8', 'backward 5–0'],
    ]);
    expect(rest(objects, 8).map(spansOf)).toEqual([
      [1, 'backward 3–0'],
      [2, 'backward 4–0'],
    ]);
    expect(behindOf(rest(objects, 8)[1]!)).toEqual([5]);
  });

  it('takes an object without spans through the whole clip', () => {
    const { spans: _, ...whole } = object(1, 4);
    const done = eventsOf(
      { objects: [object(1, 4, span('forward', 4, 11), span('backward', 3, 0))], settings: DEFAULT_SETTINGS },
      9,
    );
    const { objects } = progressOf({ objects: [whole], settings: DEFAULT_SETTINGS }, done).rest();
    expect(objects.map(spansOf)).toEqual([[1, 'backward 2–0']]);
  });
});
