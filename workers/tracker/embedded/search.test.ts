import { describe, expect, it } from 'vitest';
import { tensor } from '../../models/graph.ts';
import type { MemoryEntry } from '../memoryBank.ts';
import { FAVOUR } from './contest.ts';
import { LONG_TERM, type EmbeddedMemory } from './memory.ts';
import type { Rival } from './rival.ts';
import { searchFor } from './search.ts';
import { whereaboutsOf } from './whereabouts.ts';

const GRID = { width: 64, height: 36 };
const OBJECT = { x0: 10, y0: 10, x1: 14, y1: 14 };
const RIVAL: Rival = {
  foundOn: undefined,
  label: tensor(new Float32Array(1), [1]),
  bounds: { x0: 18, y0: 10, x1: 22, y1: 14 },
  area: 90,
  unseen: 0,
  peakMean: undefined,
  course: undefined,
};

function entry(frame: number, rival: Rival | undefined): MemoryEntry<EmbeddedMemory> {
  const nothing = tensor(new Float32Array(1), [1]);
  const memory = {
    ...{ grid: GRID, descriptors: nothing, meanDescriptor: nothing, look: nothing, label: nothing },
    ...{ bounds: OBJECT, area: 100, peakMean: undefined, likeness: new Map<number, number>() },
    ...{ predictedIou: 1, certainty: 1, reviewed: true, lastSeen: undefined },
    ...{ habit: undefined, rival },
  };
  return { frame, memory };
}

function whereaboutsOn(
  frame: number,
  conditioning: MemoryEntry<EmbeddedMemory>[],
  recent: MemoryEntry<EmbeddedMemory>[],
) {
  return whereaboutsOf({ conditioning, longTerm: [], recent, frame, direction: 'forward', frameCount: 9 });
}

const searchOn = (...given: Parameters<typeof whereaboutsOn>) => searchFor(whereaboutsOn(...given), GRID);

describe('whereaboutsOf', () => {
  it('adds to the course of a look-alike where the newest memory shows it beside the object', () => {
    const once = whereaboutsOn(1, [entry(0, RIVAL)], []).rival?.course;
    expect(once?.motion).toEqual({ frame: 0, x: -8, y: 0, drift: undefined });
    const seen = { ...RIVAL, foundOn: 0, bounds: { x0: 17, y0: 10, x1: 21, y1: 14 }, course: once };
    const recent = entry(2, seen);
    const motion = { frame: 2, x: -7, y: 0, drift: { x: 0.5, y: 0 } };
    expect(whereaboutsOn(3, [entry(0, RIVAL)], [recent]).rival?.course?.motion).toEqual(motion);
    const hidden = { ...recent, memory: { ...recent.memory, rival: { ...seen, label: undefined } } };
    const alone = { ...recent, memory: { ...recent.memory, bounds: null } };
    for (const one of [hidden, alone])
      expect(whereaboutsOn(3, [entry(0, RIVAL)], [one]).rival?.course).toBe(once);
  });
});

describe('what is usual of an object', () => {
  it('is what its newest memory knows and shows', () => {
    const { habit } = whereaboutsOn(1, [entry(0, undefined)], []);
    expect(habit).toEqual({
      extents: [{ area: 100, width: 4, height: 4 }],
      motion: { frame: 0, x: 12, y: 12, drift: undefined },
    });
    const { memory } = entry(2, { ...RIVAL, bounds: { x0: 16, y0: 10, x1: 20, y1: 14 } });
    const half = { frame: 2, memory: { ...memory, habit, area: 50 } };
    const areas = (of: typeof half) =>
      whereaboutsOn(3, [entry(0, RIVAL)], [of]).habit?.extents.map(({ area }) => area);
    // Its look-alike may hide the other half.
    expect(areas(half)).toEqual([100, 100]);
    const alone = { frame: 2, memory: { ...half.memory, rival: undefined } };
    expect(areas(alone)).toEqual([100, 50]);
    const gone = { frame: 2, memory: { ...half.memory, bounds: null } };
    expect(whereaboutsOn(3, [entry(0, RIVAL)], [gone]).habit).toBe(habit);
  });
});

describe('what is kept for long', () => {
  it('is a frame without doubt, on which all of the object showed', () => {
    const { habit } = whereaboutsOn(1, [entry(0, undefined)], []);
    const memory = { ...entry(5, undefined).memory, habit, predictedIou: 0.85, certainty: 0.45, area: 70 };
    expect(LONG_TERM.isTrusted(memory)).toBe(true);
    for (const worse of [{ area: 69 }, { certainty: 0.44 }, { predictedIou: 0.84 }])
      expect(LONG_TERM.isTrusted({ ...memory, ...worse })).toBe(false);
  });
});

describe('searchFor', () => {
  it('asks round a part of the object for as much as it usually has', () => {
    const { habit } = whereaboutsOn(1, [entry(0, RIVAL)], []);
    const { memory } = entry(1, { ...RIVAL, foundOn: 0 });
    const part = { x0: 20, y0: 20, x1: 21, y1: 25 };
    const { plan, rival } = searchOn(
      2,
      [entry(0, RIVAL)],
      [{ frame: 1, memory: { ...memory, habit, bounds: part } }],
    );
    expect(plan.asked).toEqual({ x0: 9, y0: 12, x1: 32, y1: 33 });
    // What the two are told apart by is where it was seen.
    expect(rival?.places?.object).toEqual(part);
  });

  it('does not believe what a frame says of the ground beyond a part of the object', () => {
    const { habit } = whereaboutsOn(1, [entry(0, undefined)], []);
    const { memory } = entry(1, undefined);
    const windows = (area: number, rival?: Rival) => {
      const recent = { frame: 1, memory: { ...memory, habit, area, rival } };
      return searchOn(2, [entry(0, undefined)], [recent]).plan.remembered.map(({ window }) => window);
    };
    const all = { x0: 0, y0: 0, x1: 64, y1: 36 };
    expect(windows(70)).toEqual([all, { x0: 0, y0: 0, x1: 24, y1: 24 }]);
    expect(windows(69)).toEqual([all, { x0: 8, y0: 8, x1: 16, y1: 16 }]);
    // Its look-alike may hide the rest.
    const beside = { ...RIVAL, foundOn: 0, bounds: { x0: 16, y0: 10, x1: 20, y1: 14 } };
    expect(windows(69, beside)).toEqual(windows(70));
    const lost = { frame: 1, memory: { ...memory, habit, area: 50 } };
    expect(searchOn(4, [entry(0, undefined)], [lost]).plan.remembered.map(({ window }) => window)).toEqual([
      all,
      all,
    ]);
  });

  it('seeks a look-alike that nobody knows on every fifth frame, all over it, by the memories of the object', () => {
    const first = entry(0, undefined);
    const { rival } = searchOn(5, [first], [entry(4, undefined)]);
    expect(rival?.places).toBeUndefined();
    expect(rival?.plan.asked).toEqual({ x0: 0, y0: 0, x1: 64, y1: 36 });
    expect(rival?.plan.remembered.map(({ memory }) => memory)).toEqual([first.memory]);
    expect(searchOn(4, [first], [entry(3, undefined)]).rival).toBeUndefined();
  });

  it('seeks none while the object is lost, or where one is beside it', () => {
    expect(searchOn(5, [entry(0, undefined)], [entry(3, undefined)]).rival).toBeUndefined();
    const known = { ...RIVAL, foundOn: 0 };
    expect(searchOn(5, [entry(0, RIVAL)], [entry(4, known)]).rival?.places).toBeDefined();
    const farther = entry(4, { ...known, bounds: { x0: 23, y0: 10, x1: 27, y1: 14 } });
    expect(searchOn(5, [entry(0, RIVAL)], [farther]).rival?.places).toBeUndefined();
    expect(searchOn(4, [entry(0, RIVAL)], [{ ...farther, frame: 3 }]).rival?.places).toBeDefined();
  });

  it('follows the look-alike of a lost object, which keeps what both claim', () => {
    const lastSeen = { frame: 4, bounds: OBJECT, area: 100, peakMean: 0.7 };
    const before = entry(5, { ...RIVAL, foundOn: 0, bounds: { x0: 12, y0: 10, x1: 16, y1: 14 } });
    const hidden = { frame: 5, memory: { ...before.memory, bounds: null, lastSeen } };
    const { plan, rival } = searchOn(6, [entry(0, RIVAL)], [hidden, entry(4, { ...RIVAL, foundOn: 0 })]);
    // The object is sought everywhere, by the memories that show it.
    expect(plan.asked).toEqual({ x0: 0, y0: 0, x1: 64, y1: 36 });
    expect(plan.remembered.map(({ discount }) => discount)).toEqual([0, 5]);
    expect(rival?.plan.asked).toEqual({ x0: 4, y0: 2, x1: 24, y1: 22 });
    expect(rival?.plan.remembered).toHaveLength(3);
    expect(rival?.places).toEqual({ object: null, rival: { x0: 12, y0: 10, x1: 16, y1: 14 } });
    expect(rival?.favour).toBe(FAVOUR.rivalFollowed);
  });

  it('seeks a look-alike by its label on the frame that it was found on, and on those where it was seen since', () => {
    const seen = { ...RIVAL, foundOn: 0, label: tensor(new Float32Array(1), [1]) };
    const { rival } = searchOn(2, [entry(0, RIVAL)], [entry(1, seen)]);
    expect(rival?.plan.remembered.map(({ memory }) => memory.label)).toEqual([RIVAL.label, seen.label]);
    expect(rival?.places).toEqual({ object: OBJECT, rival: RIVAL.bounds });
  });

  it('takes no look-alike of another prompted frame for it', () => {
    const { rival } = searchOn(3, [entry(2, RIVAL), entry(0, RIVAL)], []);
    expect(rival?.plan.remembered).toHaveLength(1);
  });

  it('seeks one that is hidden round the object as well', () => {
    const hidden = { ...RIVAL, foundOn: 0, label: undefined, unseen: 1 };
    const { rival } = searchOn(2, [entry(0, RIVAL)], [entry(1, hidden)]);
    expect(rival?.plan.asked).toEqual({ x0: 2, y0: 2, x1: 30, y1: 22 });
  });

  it('does not seek one that no memory shows any more', () => {
    const hidden = { ...RIVAL, foundOn: 4, label: undefined, unseen: 4 };
    expect(searchOn(9, [entry(0, undefined)], [entry(8, hidden)]).rival).toBeUndefined();
  });
});
