import { describe, expect, it } from 'vitest';
import { tensor } from '../../models/graph.ts';
import type { CellBox } from '../masks/grid.ts';
import type { PromptedEntry, SelectedMemories } from '../run/memoryBank.ts';
import { FAVOUR } from './contest.ts';
import type { EmbeddedMemory } from './memory.ts';
import { planSearch } from './search.ts';
import { alikeObjects, followedBy, withoutMarkedDistractors, type Followed } from './targetState.ts';

const GRID = { width: 64, height: 36 };
const OBJECT = { x0: 10, y0: 10, x1: 14, y1: 14 };
const OTHER = { x0: 18, y0: 10, x1: 22, y1: 14 };
/** Too large for one of a pair. */
const LARGE = { x0: 18, y0: 10, x1: 38, y1: 22 };

/** @param alike of the distractor */
function entry(
  frame: number,
  bounds: CellBox = OBJECT,
  distractor?: CellBox,
  alike = 0.9,
): PromptedEntry<EmbeddedMemory> {
  const nothing = tensor(new Float32Array(1), [1]);
  const memory = {
    ...{ grid: GRID, descriptors: nothing, meanDescriptor: nothing, look: nothing, label: nothing },
    ...{ bounds, area: 100, peakMean: undefined, likeness: new Map<number, number>() },
    ...{ predictedIou: 1, agreement: 1, reviewed: true, alike },
  };
  return { frame, memory, ...(distractor && { distractor: { ...memory, bounds: distractor } }) };
}

type Entries = PromptedEntry<EmbeddedMemory>[];

function memoriesOn(
  frame: number,
  conditioning: Entries,
  recent: Entries,
  distractor?: SelectedMemories<EmbeddedMemory>,
): SelectedMemories<EmbeddedMemory> {
  return { conditioning, longTerm: [], recent, distractor, frame, direction: 'forward', frameCount: 99 };
}

/**
 * An object that was prompted on frame 0, and its distractor, by the recent frames that show them.
 * @param found the distractor's box on frame 0
 */
function searchOn(frame: number, recent: Entries, distractor?: Entries, found: CellBox = LARGE) {
  const theirs = distractor && memoriesOn(frame, [entry(0, found)], distractor);
  const followed = followedBy(memoriesOn(frame, [entry(0)], recent, theirs));
  const { searches, contests, distractors } = planSearch([followed], GRID, () => true);
  const [object] = searches;
  if (!object) throw new Error('The object is not sought.');
  const other = searches[distractors[0] ?? -1];
  return { plan: object.plan, distractor: other && { ...other, ...contests[0] } };
}

describe('the search for an object and its distractor', () => {
  it('seeks one that nobody knows on every fifth frame, all over it, by the memories of the object', () => {
    const { distractor } = searchOn(5, [entry(4)]);
    expect(distractor?.places).toBeUndefined();
    expect(distractor?.unknown).toBe(true);
    expect(distractor?.plan.asked).toEqual({ x0: 0, y0: 0, x1: 64, y1: 36 });
    expect(distractor?.plan.remembered.map(({ memory }) => memory.bounds)).toEqual([OBJECT]);
    expect(searchOn(4, [entry(3)]).distractor).toBeUndefined();
  });

  it('seeks none while the object is lost, or where one is followed', () => {
    expect(searchOn(5, [entry(3)]).distractor).toBeUndefined();
    expect(searchOn(5, [entry(4)], [entry(4, OTHER)]).distractor?.places).toBeDefined();
  });

  it('takes no object for lost that was seen on the last frame that the model did', () => {
    const memories = memoriesOn(5, [entry(0)], [entry(3)]);
    expect(followedBy(memories).object.state.lost).toBe(true);
    expect(followedBy({ ...memories, apart: 2 }).object.state.lost).toBe(false);
  });

  it('remembers of a lost object the largest of its recent areas, for it was often half hidden already', () => {
    const areas = (...recent: number[]) =>
      recent.map((area, i) => ({ ...entry(4 - i), memory: { ...entry(4 - i).memory, area } }));
    expect(followedBy(memoriesOn(6, [entry(0)], areas(30, 90, 80))).object.state).toMatchObject({
      ...{ lost: true, area: 30, usualArea: 90 },
    });
  });

  it('follows the distractor of a lost object, which keeps what both claim', () => {
    const place = { x0: 12, y0: 10, x1: 16, y1: 14 };
    const { plan, distractor } = searchOn(6, [entry(4)], [entry(5, place), entry(4, OTHER)]);
    expect(plan.asked).toEqual({ x0: 0, y0: 0, x1: 64, y1: 36 });
    expect(plan.remembered.map(({ discount }) => discount)).toEqual([0, 5]);
    expect(distractor?.plan.asked).toEqual({ x0: 4, y0: 2, x1: 24, y1: 22 });
    expect(distractor?.plan.remembered.map(({ discount }) => discount)).toEqual([0, 1, 1]);
    expect(distractor?.places).toEqual({ object: null, rival: place });
    expect(distractor?.favour).toBe(FAVOUR.rivalFollowed);
  });

  it('believes recent memories of the object more while its distractor is beside it', () => {
    const beside = { x0: 16, y0: 10, x1: 20, y1: 14 };
    const { plan, distractor } = searchOn(2, [entry(1)], [entry(1, beside)]);
    expect(plan.remembered.map(({ discount }) => discount)).toEqual([0, 2.5]);
    expect(distractor?.places).toEqual({ object: OBJECT, rival: beside });
  });

  it('seeks one that is hidden round the object as well', () => {
    expect(searchOn(2, [entry(1)], []).distractor?.plan.asked).toEqual({ x0: 2, y0: 2, x1: 46, y1: 30 });
  });

  it('seeks one that is far away on every third frame, where it was', () => {
    const far = { x0: 40, y0: 10, x1: 44, y1: 14 };
    expect(searchOn(4, [entry(3)], [entry(3, far)]).distractor).toBeUndefined();
    expect(searchOn(6, [entry(5)], [entry(3, far)]).distractor?.plan.asked).toEqual({
      ...{ x0: 32, y0: 2, x1: 52, y1: 22 },
    });
  });

  it('does not seek one any more that was not seen for 15 frames', () => {
    expect(searchOn(18, [entry(17)], [entry(3, OTHER)]).distractor).toBeDefined();
    expect(searchOn(19, [entry(18)], [entry(3, OTHER)]).distractor).toBeUndefined();
  });
});

describe('the search for an object and its distractor that are a pair', () => {
  it('asks where either was, believes recent memories most, and favours neither', () => {
    const { plan, distractor } = searchOn(2, [entry(1)], [entry(1, OTHER)], OTHER);
    const both = { x0: 2, y0: 2, x1: 30, y1: 22 };
    expect([plan.asked, distractor?.plan.asked]).toEqual([both, both]);
    expect(plan.remembered.map(({ discount }) => discount)).toEqual([0, -1]);
    expect(distractor?.plan.remembered.map(({ discount }) => discount)).toEqual([0, -1]);
    expect(distractor).toMatchObject({
      ...{ object: 0, rival: 1, pair: true, favour: FAVOUR.none, beside: 0 },
      places: { object: OBJECT, rival: OTHER },
    });
  });

  it('seeks both on every frame, however far apart', () => {
    const far = { x0: 40, y0: 10, x1: 44, y1: 14 };
    const { plan, distractor } = searchOn(4, [entry(3)], [entry(3, far)], OTHER);
    expect(distractor?.plan.asked).toEqual({ x0: 2, y0: 2, x1: 52, y1: 22 });
    expect(plan.asked).toEqual(distractor?.plan.asked);
  });

  it('leaves everything to the one that is followed where the other is lost', () => {
    const lost = searchOn(6, [entry(4)], [entry(5, OTHER)], OTHER);
    expect(lost.plan.asked).toEqual({ x0: 0, y0: 0, x1: 64, y1: 36 });
    expect(lost.distractor).toMatchObject({ favour: FAVOUR.rivalFollowed, beside: undefined });
    const hidden = searchOn(6, [entry(5)], [entry(4, OTHER)], OTHER);
    expect(hidden.plan.asked).toEqual({ x0: 2, y0: 2, x1: 22, y1: 22 });
    expect(hidden.distractor?.plan.asked).toEqual({ x0: 2, y0: 2, x1: 30, y1: 22 });
    expect(hidden.distractor).toMatchObject({ favour: FAVOUR.objectFollowed, beside: 0 });
  });
});

describe('the search for several objects', () => {
  const near = { x0: 15, y0: 10, x1: 19, y1: 14 };
  const far = { x0: 40, y0: 10, x1: 44, y1: 14 };
  const seenAt = (bounds: CellBox, frame = 5, seenOn = 4) =>
    followedBy(memoriesOn(frame, [entry(1)], [entry(seenOn, bounds)]));
  const objects = [seenAt(OBJECT), seenAt(near)];

  it('lets those that are alike contest each other, neither of them favoured', () => {
    const { searches, contests, distractors } = planSearch(objects, GRID, () => true);
    expect(searches).toHaveLength(2);
    expect(distractors).toEqual([undefined, undefined]);
    expect(contests).toEqual([
      {
        ...{ object: 0, rival: 1, favour: 0, pair: true },
        places: { object: OBJECT, rival: near },
      },
    ]);
    const discounts = searches[0]?.plan.remembered.map(({ discount }) => discount);
    expect(discounts).toEqual([0, -1]);
    expect(searches.map(({ beside }) => beside)).toEqual([1, 0]);
  });

  it('lets those alone that are not kept apart', () => {
    expect(planSearch(objects, GRID, () => false).contests).toEqual([]);
  });

  it('lets them contest each other however far apart, for memories of both leave a part of each cell to the other', () => {
    const { searches, contests } = planSearch([seenAt(OBJECT), seenAt(far)], GRID, () => true);
    expect(contests).toHaveLength(1);
    expect(searches.map(({ beside }) => beside)).toEqual([1, 0]);
  });

  it('leaves everything to the one that is followed where the other is lost', () => {
    const { contests } = planSearch([seenAt(far, 7), seenAt(OBJECT, 7, 6)], GRID, () => true);
    expect(contests).toEqual([
      {
        ...{ object: 0, rival: 1, favour: FAVOUR.rivalFollowed, pair: true },
        places: { object: null, rival: OBJECT },
      },
    ]);
  });

  it('asks where either of two was that are alike, but for one that is lost everywhere', () => {
    const asked = (of: readonly Followed[]) =>
      planSearch(of, GRID, () => true).searches.map(({ plan }) => plan.asked);
    const both = { x0: 2, y0: 2, x1: 27, y1: 22 };
    expect(asked(objects)).toEqual([both, both]);
    const everywhere = { x0: 0, y0: 0, x1: 64, y1: 36 };
    expect(asked([seenAt(near, 7), seenAt(OBJECT, 7, 6)])).toEqual([everywhere, { ...both, x1: 22 }]);
  });

  it('takes no object for the distractor of another', () => {
    const theirs = memoriesOn(5, [entry(1, near)], [entry(4, { x0: 16, y0: 10, x1: 20, y1: 14 })]);
    const marked = [followedBy(memoriesOn(5, [entry(1)], [entry(4)], theirs)), seenAt(near)];
    const searches = (areAlike: () => boolean) =>
      planSearch(withoutMarkedDistractors(marked, areAlike), GRID, areAlike).searches;
    expect(searches(() => true)).toHaveLength(2);
    expect(searches(() => false)).toHaveLength(3);
  });

  it('nor once that has moved away from where it was found', () => {
    const found = memoriesOn(4, [entry(1, near)], []);
    const moved = followedBy(memoriesOn(4, [entry(1, near)], [entry(3, far)]));
    const objects = [followedBy(memoriesOn(4, [entry(1)], [entry(3)], found)), moved];
    const searches = (areAlike: () => boolean) =>
      planSearch(withoutMarkedDistractors(objects, areAlike), GRID, areAlike).searches;
    expect(searches(() => true)).toHaveLength(2);
    expect(searches(() => false)).toHaveLength(3);
  });

  it('takes those for alike of which one was found to be like the other on a prompted frame, and their like', () => {
    const promptedOn = (bounds: CellBox, distractor: CellBox | undefined, frame = 1) =>
      followedBy(memoriesOn(5, [entry(frame, bounds, distractor)], []));
    const areAlike = (followed: Followed[], areApart = true) =>
      alikeObjects(
        followed.map(({ object }) => object),
        () => areApart,
      );
    const three = [promptedOn(OBJECT, OTHER), promptedOn(OTHER, far), promptedOn(far, undefined)];
    const alike = areAlike(three);
    expect([alike(0, 1), alike(1, 2), alike(0, 2)]).toEqual([true, true, true]);
    expect(areAlike(three, false)(0, 1)).toBe(false);
    expect(areAlike([promptedOn(OBJECT, undefined), promptedOn(OTHER, undefined)])(0, 1)).toBe(false);
    const large = { x0: 18, y0: 0, x1: 40, y1: 14 };
    expect(areAlike([promptedOn(OBJECT, large), promptedOn(large, undefined)])(0, 1)).toBe(false);
    // Nobody knows where the one was on the frame on which the other was prompted.
    expect(areAlike([promptedOn(OBJECT, OTHER), promptedOn(OTHER, undefined, 2)])(0, 1)).toBe(false);
  });
});
