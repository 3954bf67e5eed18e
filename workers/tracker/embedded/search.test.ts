import { describe, expect, it } from 'vitest';
import { tensor } from '../../models/graph.ts';
import type { CellBox } from '../masks/grid.ts';
import type { PromptedEntry, SelectedMemories } from '../run/memoryBank.ts';
import { FAVOUR } from './contest.ts';
import type { EmbeddedMemory } from './memory.ts';
import { planSearch } from './search.ts';
import { targetsOf } from './targetState.ts';

const GRID = { width: 64, height: 36 };
const OBJECT = { x0: 10, y0: 10, x1: 14, y1: 14 };
const OTHER = { x0: 18, y0: 10, x1: 22, y1: 14 };
/** How much a distractor looks like its object that makes a pair with it. */
const PAIR = 0.9;

/** @param alike of the distractor */
function entry(
  frame: number,
  bounds: CellBox = OBJECT,
  distractor?: CellBox,
  alike = PAIR,
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
 * @param alike how much the distractor looked like the object on frame 0, where it was found
 */
function searchOn(frame: number, recent: Entries, distractor?: Entries, alike = 0.8) {
  const found = entry(0, OTHER, undefined, alike);
  const theirs = distractor && memoriesOn(frame, [found], distractor);
  const { searches, contests } = searchesFor([memoriesOn(frame, [entry(0)], recent, theirs)]);
  const [object, other] = searches;
  if (!object) throw new Error('The object is not sought.');
  return { plan: object.plan, distractor: other && { ...other, ...contests[0] } };
}

/** What is sought of several objects; the contests of all rounds. */
function searchesFor(remembered: readonly SelectedMemories<EmbeddedMemory>[], areApart = true) {
  const sought = targetsOf(remembered, () => areApart);
  const { searches, rounds } = planSearch(sought, GRID);
  return { ...sought, searches, contests: rounds.flat() };
}

const stateOn = (memories: SelectedMemories<EmbeddedMemory>) => searchesFor([memories]).targets[0]?.state;

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
    expect(stateOn(memories)?.lost).toBe(true);
    expect(stateOn({ ...memories, apart: 2 })?.lost).toBe(false);
  });

  it('remembers of a lost object the largest of its recent areas, for it was often half hidden already', () => {
    const areas = (...recent: number[]) =>
      recent.map((area, i) => ({ ...entry(4 - i), memory: { ...entry(4 - i).memory, area } }));
    expect(stateOn(memoriesOn(6, [entry(0)], areas(30, 90, 80)))).toMatchObject({
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
    expect(distractor?.favour).toBe(FAVOUR.rivalFollowed);
  });

  it('believes recent memories of the object more while its distractor is beside it', () => {
    const beside = { x0: 16, y0: 10, x1: 20, y1: 14 };
    const { plan } = searchOn(2, [entry(1)], [entry(1, beside)]);
    expect(plan.remembered.map(({ discount }) => discount)).toEqual([0, 2.5]);
  });

  it('seeks one that is hidden round the object as well', () => {
    expect(searchOn(2, [entry(1)], []).distractor?.plan.asked).toEqual({ x0: 2, y0: 2, x1: 30, y1: 22 });
  });

  it('does not seek one that is far away', () => {
    const far = { x0: 40, y0: 10, x1: 44, y1: 14 };
    expect(searchOn(6, [entry(5)], [entry(5, far)]).distractor).toBeUndefined();
  });

  it('does not seek one any more that was not seen for 15 frames', () => {
    expect(searchOn(18, [entry(17)], [entry(3, OTHER)]).distractor).toBeDefined();
    expect(searchOn(19, [entry(18)], [entry(3, OTHER)]).distractor).toBeUndefined();
  });
});

describe('the search for an object and its distractor that are a pair', () => {
  it('asks where either was, believes recent memories most, and favours neither', () => {
    const { plan, distractor } = searchOn(2, [entry(1)], [entry(1, OTHER)], PAIR);
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
    const { plan, distractor } = searchOn(4, [entry(3)], [entry(3, far)], PAIR);
    expect(distractor?.plan.asked).toEqual({ x0: 2, y0: 2, x1: 52, y1: 22 });
    expect(plan.asked).toEqual(distractor?.plan.asked);
  });

  it('leaves everything to the one that is followed where the other is lost', () => {
    const lost = searchOn(6, [entry(4)], [entry(5, OTHER)], PAIR);
    expect(lost.plan.asked).toEqual({ x0: 0, y0: 0, x1: 64, y1: 36 });
    expect(lost.distractor).toMatchObject({ favour: FAVOUR.rivalFollowed, beside: undefined });
    const hidden = searchOn(6, [entry(5)], [entry(4, OTHER)], PAIR);
    expect(hidden.plan.asked).toEqual({ x0: 2, y0: 2, x1: 22, y1: 22 });
    expect(hidden.distractor?.plan.asked).toEqual({ x0: 2, y0: 2, x1: 30, y1: 22 });
    expect(hidden.distractor).toMatchObject({ favour: FAVOUR.objectFollowed, beside: 0 });
  });
});

describe('the search for several objects', () => {
  const near = { x0: 15, y0: 10, x1: 19, y1: 14 };
  const far = { x0: 40, y0: 10, x1: 44, y1: 14 };
  const everywhere = { x0: 0, y0: 0, x1: 64, y1: 36 };
  /** Two that are alike: prompted on frame 1, where the second was found to be like the first; later seen in these boxes. */
  const two = (first: Entries, second: Entries, frame = 5) => [
    memoriesOn(frame, [entry(1, OBJECT, near)], first),
    memoriesOn(frame, [entry(1, near)], second),
  ];
  const objects = two([entry(4)], [entry(4, near)]);

  it('lets those that are alike contest each other, neither of them favoured', () => {
    const { searches, contests } = searchesFor(objects);
    expect(searches).toHaveLength(2);
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
    expect(searchesFor(objects, false).contests.filter(({ pair }) => pair)).toEqual([]);
  });

  it('lets them contest each other however far apart, for memories of both leave a part of each cell to the other', () => {
    const { searches, contests } = searchesFor(two([entry(4)], [entry(4, far)]));
    expect(contests).toHaveLength(1);
    expect(searches.map(({ beside }) => beside)).toEqual([1, 0]);
  });

  it('leaves everything to the one that is followed where the other is lost', () => {
    const { contests } = searchesFor(two([entry(4, far)], [entry(6)], 7));
    expect(contests).toEqual([
      {
        ...{ object: 0, rival: 1, favour: FAVOUR.rivalFollowed, pair: true },
        places: { object: null, rival: OBJECT },
      },
    ]);
  });

  it('asks where either of two was that are alike, but for one that is lost everywhere', () => {
    const asked = (of: typeof objects) => searchesFor(of).searches.map(({ plan }) => plan.asked);
    const both = { x0: 2, y0: 2, x1: 27, y1: 22 };
    expect(asked(objects)).toEqual([both, both]);
    expect(asked(two([entry(4, near)], [entry(6)], 7))).toEqual([everywhere, { ...both, x1: 22 }]);
  });

  it('lets three contest each other in one round, and each its distractor in the next', () => {
    const theirs = memoriesOn(3, [entry(1, far)], [entry(2, far)]);
    const [first, second] = two([entry(2)], [entry(2, near)], 3);
    const third = memoriesOn(3, [entry(1, OTHER, near)], [entry(2, OTHER)], theirs);
    if (!first || !second) throw new Error('There are two.');
    const sought = targetsOf([first, second, third], () => true);
    const [round, next] = planSearch(sought, GRID).rounds;
    expect(sought.targets.map(({ role }) => role)).toEqual(['object', 'object', 'object', 'distractor']);
    const named = (contests = round) =>
      contests?.map(({ object, rival, places }) => [object, rival, !!places]);
    expect(named()).toEqual([
      [0, 1, true],
      [0, 2, true],
      [1, 2, true],
      [0, 3, false],
      [1, 3, false],
    ]);
    expect(named(next)).toEqual([[2, 3, true]]);
  });

  it('takes no object for the distractor of another', () => {
    const theirs = memoriesOn(5, [entry(1, near)], [entry(4, { x0: 16, y0: 10, x1: 20, y1: 14 })]);
    const marked = [
      memoriesOn(5, [entry(1, OBJECT, near)], [entry(4)], theirs),
      memoriesOn(5, [entry(1, near)], [entry(4, near)]),
    ];
    expect(searchesFor(marked).searches).toHaveLength(2);
    expect(searchesFor(marked, false).searches).toHaveLength(3);
  });

  it('nor once that has moved away from where it was found', () => {
    const found = memoriesOn(4, [entry(1, near)], []);
    const moved = [
      memoriesOn(4, [entry(1, OBJECT, near)], [entry(3)], found),
      memoriesOn(4, [entry(1, near)], [entry(3, far)]),
    ];
    expect(searchesFor(moved).searches).toHaveLength(2);
    expect(searchesFor(moved, false).searches).toHaveLength(3);
  });

  it('takes those for alike of which one was found to be like the other on a prompted frame, and their like', () => {
    const promptedOn = (bounds: CellBox, distractor: CellBox | undefined, frame = 1) =>
      memoriesOn(5, [entry(frame, bounds, distractor)], []);
    const areAlike = (remembered: ReturnType<typeof promptedOn>[], areApart = true) =>
      searchesFor(remembered, areApart).areAlike;
    const three = [promptedOn(OBJECT, OTHER), promptedOn(OTHER, far), promptedOn(far, undefined)];
    const alike = areAlike(three);
    expect([alike(0, 1), alike(1, 2), alike(0, 2)]).toEqual([true, true, true]);
    expect(areAlike(three, false)(0, 1)).toBe(false);
    expect(areAlike([promptedOn(OBJECT, undefined), promptedOn(OTHER, undefined)])(0, 1)).toBe(false);
    const different = memoriesOn(5, [entry(1, OBJECT, OTHER, 0.89)], []);
    expect(areAlike([different, promptedOn(OTHER, undefined)])(0, 1)).toBe(false);
    // Nobody knows where the one was on the frame on which the other was prompted.
    expect(areAlike([promptedOn(OBJECT, OTHER), promptedOn(OTHER, undefined, 2)])(0, 1)).toBe(false);
  });
});
