import { describe, expect, it } from 'vitest';
import type { Proposal, TrackedObject, TrackEvent, TrackRequest } from '../../core/protocol/segmenter.ts';
import { emptyRle, encodeRle, rleArea, type MaskRle } from '../../core/rle.ts';
import { EMPTY_DOCUMENT, withLock, withName, type MaskDocument } from '../document.ts';
import { withMaskObject } from '../promptedMasks.ts';
import {
  followEverything,
  quietWorkplace,
  type EverythingModel,
  type EverythingState,
  type Workplace,
} from './followEverything.ts';
import { stretchesOf } from './keyFrames.ts';
import { newThings, withFound } from './newThings.ts';
import { withoutPoorMasklets } from './worthKeeping.ts';

const SIZE = { width: 40, height: 1 };

/** `length` pixels from `start` on. */
function bar(start: number, length: number): MaskRle {
  return encodeRle(new Uint8Array(40).fill(1, start, start + length), SIZE);
}

const proposals = (...masks: MaskRle[]): Proposal[] =>
  masks.map((mask, id) => ({ id, mask, area: rleArea(mask), score: 0.9 }));

/** Where each object of a document was found first. */
const births = ({ objects }: MaskDocument) => objects.map(({ prompts }) => [...prompts.keys()]);

describe('stretchesOf', () => {
  it('begins one where a shot begins, and every so many frames in it', () => {
    const [early, late] = [
      { first: 0, last: 3 },
      { first: 4, last: 9 },
    ];
    expect(stretchesOf({ first: 0, last: 9 }, [4], 3)).toEqual([
      { first: 0, last: 2, shot: early },
      { first: 3, last: 3, shot: early },
      { first: 4, last: 6, shot: late },
      { first: 7, last: 9, shot: late },
    ]);
  });

  it('stays in the range', () => {
    expect(stretchesOf({ first: 5, last: 6 }, [2, 5, 7], 9)).toEqual([
      { first: 5, last: 6, shot: { first: 5, last: 6 } },
    ]);
  });
});

describe('newThings', () => {
  const withNew = (document: MaskDocument, ...masks: MaskRle[]) =>
    withFound(document, 0, newThings(document, 0, proposals(...masks)).objects);
  const known = withNew(EMPTY_DOCUMENT, bar(0, 20));

  it('takes things and their parts where nothing is known, the largest at the bottom', () => {
    const { objects } = withNew(EMPTY_DOCUMENT, bar(0, 5), bar(0, 20), bar(30, 5));
    expect(objects.map(({ track }) => rleArea(track.get(0)!.mask))).toEqual([20, 5, 5]);
  });

  it('takes neither what is known nor a part of it, but what is behind it', () => {
    expect(withNew(known, bar(0, 18), bar(2, 4))).toBe(known);
    expect(withNew(known, bar(16, 20), bar(30, 4)).objects).toHaveLength(3);
  });

  it('says how many there is no room for', () => {
    let full = EMPTY_DOCUMENT;
    for (let i = 0; i < 254; i++) full = withMaskObject(full, 1, bar(0, 5)).document;
    const { objects, leftOut } = newThings(full, 0, proposals(bar(0, 5), bar(10, 6), bar(20, 7)));
    expect(objects.map(({ id, track }) => [id, rleArea(track.get(0)!.mask)])).toEqual([[255, 7]]);
    expect(leftOut).toBe(2);
  });
});

describe('withoutPoorMasklets', () => {
  /** Masklets by the masks of their frames, each with a score. */
  const of = (...masklets: { masks: (MaskRle | undefined)[]; score: number }[]) =>
    masklets.reduce<MaskDocument>((document, { masks, score }) => {
      const { objects, ...rest } = withMaskObject(document, 0, masks[0] ?? bar(0, 1)).document;
      const object = objects.at(-1)!;
      const entries = masks.map(
        (mask, frame) =>
          [
            frame,
            {
              mask: mask ?? emptyRle(SIZE),
              status: mask ? ('tracked' as const) : ('absent' as const),
              score,
            },
          ] as const,
      );
      return {
        ...rest,
        objects: [...objects.slice(0, -1), { ...object, track: object.track.with(entries) }],
      };
    }, EMPTY_DOCUMENT);
  const ids = ({ objects }: MaskDocument) => objects.map(({ id }) => id);
  const long = (mask: MaskRle, frames = 6) => new Array<MaskRle>(frames).fill(mask);

  const all = () => true;

  it('drops what is short or unsure', () => {
    const found = of(
      { masks: long(bar(0, 5)), score: 0.9 },
      { masks: [bar(10, 5), bar(10, 5), undefined, undefined, undefined, undefined], score: 0.9 },
      { masks: long(bar(20, 5)), score: 0.3 },
    );
    expect(ids(withoutPoorMasklets(found, 6, all))).toEqual([1]);
    expect(ids(withoutPoorMasklets(found, 2, all))).toEqual([1, 2]);
  });

  it('makes one of two that are the same, with the masks of both', () => {
    const found = of(
      { masks: [...long(bar(0, 5), 5), undefined], score: 0.6 },
      { masks: [...long(bar(0, 6), 5), undefined], score: 0.9 },
      { masks: [undefined, ...long(bar(0, 5), 5)], score: 0.7 },
      { masks: long(bar(30, 5)), score: 0.7 },
    );
    const kept = withoutPoorMasklets(found, 6, all);
    expect(ids(kept)).toEqual([2, 4]);
    expect(kept.objects[0]!.track.get(5)?.mask).toEqual(bar(0, 5));
    expect(kept.objects[0]!.track.get(0)?.mask).toEqual(bar(0, 6));
  });

  it('leaves what was not found as it is, and drops what shows the same', () => {
    const before = of(
      { masks: [bar(0, 5)], score: 0.1 },
      { masks: [], score: 0.9 },
      { masks: long(bar(0, 6)), score: 0.9 },
      { masks: long(bar(20, 6)), score: 0.9 },
    );
    const kept = withoutPoorMasklets(before, 6, ({ id }) => id > 2);
    expect(ids(kept)).toEqual([1, 2, 4]);
    expect(kept.objects[0]).toBe(before.objects[0]);
  });
});

describe('followEverything', () => {
  /** A ball on all frames of two shots, which lies elsewhere in the second; a mouse that is there from frame 5 on. */
  const CUT = 10;
  const FRAMES = 14;
  const THINGS: ((frame: number) => MaskRle | undefined)[] = [
    (frame) => bar(frame < CUT ? frame : 28, 6),
    (frame) => (frame >= 5 && frame < CUT ? bar(20, 4) : undefined),
  ];
  const scope = { frameCount: FRAMES, range: { first: 0, last: FRAMES - 1 }, shots: [CUT], every: 3 };

  class PerfectModel implements EverythingModel {
    readonly looked: number[] = [];
    readonly followed: number[] = [];

    find(frame: number) {
      this.looked.push(frame);
      return Promise.resolve(proposals(...THINGS.flatMap((thing) => thing(frame) ?? [])));
    }

    async *track({ objects }: TrackRequest): AsyncGenerator<TrackEvent, void, undefined> {
      for (const { objectId, prompts, spans = [] } of objects) {
        const [born, said] = [...prompts][0]!;
        const thing = THINGS.find((each) => String(each(born)?.counts) === String(said.mask?.counts))!;
        for (const { first, last } of spans) {
          const step = Math.sign(last - first) || 1;
          for (let frame = first; frame !== last + step; frame += step) {
            this.followed.push(frame);
            const seen = thing(frame);
            const found: TrackedObject = {
              ...{ objectId, mask: seen ?? emptyRle(SIZE), score: 0.9 },
              status: seen ? 'tracked' : 'absent',
            };
            yield await Promise.resolve({ frame, objects: [found], doneFrames: 1, totalFrames: 1 });
          }
        }
      }
    }
  }

  async function follow(
    model: EverythingModel,
    place: Workplace = quietWorkplace(EMPTY_DOCUMENT),
    start?: Parameters<typeof followEverything>[4],
  ) {
    const states: EverythingState[] = [];
    for await (const state of followEverything(place, scope, model, new AbortController().signal, start))
      states.push(state);
    return states;
  }
  const masksOf = ({ objects }: MaskDocument) =>
    objects.map(({ id, prompts, track }) => [
      id,
      ...prompts.keys(),
      ...[...track].map(([frame, { status, mask }]) => `${frame} ${status} ${String(mask.counts)}`),
    ]);

  it('picks things up where they appear, follows them both ways, and ends where the shot ends', async () => {
    const model = new PerfectModel();
    const states = await follow(model);
    const { document } = states.at(-1)!;
    expect(model.looked).toEqual([0, 3, 6, 9, 10, 13]);
    expect(births(document)).toEqual([[0], [6], [10]]);
    const frames = document.objects.map(({ track }) =>
      [...track].map(([frame]) => frame).sort((a, b) => a - b),
    );
    expect(frames).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [10, 11, 12, 13],
    ]);
    const mouse = document.objects[1]!.track;
    expect([4, 5, 6, 7].map((frame) => mouse.get(frame)?.status)).toEqual([
      ...['absent', 'tracked', 'prompted', 'tracked'],
    ]);
    // No frame of a thing is followed twice.
    expect(model.followed).toHaveLength(9 + 9 + 3);
  });

  it('goes on from any state to the same masklets', async () => {
    const states = await follow(new PerfectModel());
    const whole = masksOf(states.at(-1)!.document);
    for (const state of states.slice(0, -1)) {
      const { document, doneStretches } = state;
      const rest = await follow(new PerfectModel(), quietWorkplace(document), {
        ...{ doneStretches, found: document.objects },
      });
      expect(rest).toHaveLength(state.totalStretches - state.doneStretches);
      expect(masksOf(rest.at(-1)!.document)).toEqual(whole);
    }
  });

  it('leaves what was there before as it is, and finds what is not', async () => {
    const known = withMaskObject(EMPTY_DOCUMENT, 0, bar(0, 6)).document;
    const model = new PerfectModel();
    const { document } = (await follow(model, quietWorkplace(known))).at(-1)!;
    expect(document.objects.find(({ id }) => id === 1)).toBe(known.objects[0]);
    // Where the ball has no mask, on the second look, it is found as something new; but the first frame shows that it is none.
    expect(births(document)).toEqual([[0], [6], [10]]);
    expect(model.followed.filter((frame) => frame === 0)).toHaveLength(2);
  });

  it('takes up what a person does meanwhile', async () => {
    const place = quietWorkplace(EMPTY_DOCUMENT);
    class Interrupted extends PerfectModel {
      override find(frame: number) {
        if (frame === 3) {
          // The ball is deleted: it is found again.
          place.change((document) => ({ ...document, objects: [] }));
          place.change((document) => withMaskObject(document, 3, bar(35, 3)).document);
        }
        if (frame === 10) place.change((document) => withName(document, 2, 'Mine'));
        if (frame === 6)
          place.change((document) => withLock(document, document.lastId, { first: 8, last: 9 }, true));
        return super.find(frame);
      }
    }
    await follow(new Interrupted(), place);
    const { objects } = place.document;
    expect(births(place.document)).toEqual([[3], [3], [6], [10]]);
    // What the person added is followed by nobody, however short it is.
    expect(objects.find(({ name }) => name === 'Mine')?.track.size).toBe(1);
    const ball = objects.find(({ locked }) => locked.length > 0)!;
    expect([...ball.track].map(([frame]) => frame).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('does nothing again for the sake of frames that were locked meanwhile', async () => {
    const place = quietWorkplace(EMPTY_DOCUMENT);
    class Locked extends PerfectModel {
      override find(frame: number) {
        if (frame === 6)
          place.change((document) => withLock(document, document.lastId, { first: 8, last: 9 }, true));
        return frame < 3 ? super.find(frame) : Promise.resolve([]);
      }
    }
    const model = new Locked();
    await follow(model, place);
    expect(model.followed).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});
