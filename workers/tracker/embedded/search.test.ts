import { describe, expect, it } from 'vitest';
import { tensor } from '../../models/graph.ts';
import type { CellBox } from '../masks/grid.ts';
import type { MemoryEntry, SelectedMemories } from '../run/memoryBank.ts';
import { FAVOUR } from './contest.ts';
import type { EmbeddedMemory } from './memory.ts';
import type { Rival } from './rival.ts';
import { planSearch } from './search.ts';
import { alikeObjects, whereaboutsOf, withoutMarkedRivals } from './whereabouts.ts';

const GRID = { width: 64, height: 36 };
const OBJECT = { x0: 10, y0: 10, x1: 14, y1: 14 };
const RIVAL: Rival = {
  foundOn: undefined,
  label: tensor(new Float32Array(1), [1]),
  bounds: { x0: 18, y0: 10, x1: 22, y1: 14 },
  unseen: 0,
  peakMean: undefined,
};

function entry(frame: number, rival: Rival | undefined): MemoryEntry<EmbeddedMemory> {
  const nothing = tensor(new Float32Array(1), [1]);
  const memory = {
    ...{ grid: GRID, descriptors: nothing, meanDescriptor: nothing, look: nothing, label: nothing },
    ...{ bounds: OBJECT, area: 100, peakMean: undefined, likeness: new Map<number, number>() },
    ...{ predictedIou: 1, certainty: 1, reviewed: true, lastSeen: undefined, rival },
  };
  return { frame, memory };
}

function searchOn(
  frame: number,
  conditioning: MemoryEntry<EmbeddedMemory>[],
  recent: MemoryEntry<EmbeddedMemory>[],
) {
  const memories = {
    conditioning,
    longTerm: [],
    recent,
    frame,
    direction: 'forward',
    frameCount: 9,
  } as const;
  const { searches, contests } = planSearch([whereaboutsOf(memories)], GRID, () => true);
  const [object, rival] = searches;
  if (!object) throw new Error('The object is not sought.');
  const [contest] = contests;
  return { plan: object.plan, rival: rival && contest && { plan: rival.plan, ...contest } };
}

describe('the search for an object and its look-alike', () => {
  it('seeks a look-alike that nobody knows on every fifth frame, all over it, by the memories of the object', () => {
    const first = entry(0, undefined);
    const { rival } = searchOn(5, [first], [entry(4, undefined)]);
    expect(rival?.places).toBeUndefined();
    expect(rival?.plan.asked).toEqual({ x0: 0, y0: 0, x1: 64, y1: 36 });
    expect(rival?.plan.remembered.map(({ memory }) => memory)).toEqual([first.memory]);
    expect(searchOn(4, [first], [entry(3, undefined)]).rival).toBeUndefined();
  });

  it('seeks none while the object is lost, or where one is followed', () => {
    expect(searchOn(5, [entry(0, undefined)], [entry(3, undefined)]).rival).toBeUndefined();
    expect(searchOn(5, [entry(0, RIVAL)], [entry(4, { ...RIVAL, foundOn: 0 })]).rival?.places).toBeDefined();
  });

  it('takes no object for lost that was seen on the last frame that the model did', () => {
    const memories: SelectedMemories<EmbeddedMemory> = {
      ...{ conditioning: [entry(0, undefined)], longTerm: [], recent: [entry(3, undefined)] },
      ...{ frame: 5, direction: 'forward', frameCount: 9 },
    };
    expect(whereaboutsOf(memories).lost).toBe(true);
    expect(whereaboutsOf({ ...memories, apart: 2 }).lost).toBe(false);
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

describe('the search for several objects', () => {
  const other = (bounds: CellBox): MemoryEntry<EmbeddedMemory> => {
    const { frame, memory } = entry(4, undefined);
    return { frame, memory: { ...memory, bounds } };
  };
  const memoriesOf = (recent: MemoryEntry<EmbeddedMemory>, frame = 5) =>
    whereaboutsOf({
      ...{ conditioning: [entry(1, undefined)], longTerm: [], recent: [recent], frame },
      ...{ direction: 'forward', frameCount: 9 },
    });
  const objects = [memoriesOf(entry(4, undefined)), memoriesOf(other({ x0: 15, y0: 10, x1: 19, y1: 14 }))];

  it('lets those that are near contest each other, neither of them favoured', () => {
    const { searches, contests, rivals } = planSearch(objects, GRID, () => true);
    expect(searches).toHaveLength(2);
    expect(rivals).toEqual([undefined, undefined]);
    expect(contests).toEqual([
      {
        ...{ object: 0, rival: 1, favour: 0, marked: true },
        places: { object: OBJECT, rival: { x0: 15, y0: 10, x1: 19, y1: 14 } },
      },
    ]);
    const discounts = searches[0]?.plan.remembered.map(({ discount }) => discount);
    expect(discounts).toEqual([0, -1]);
    expect(searches.map(({ beside }) => beside)).toEqual([1, 0]);
  });

  it('lets those alone that are not kept apart, or far from each other', () => {
    expect(planSearch(objects, GRID, () => false).contests).toEqual([]);
    const far = [memoriesOf(entry(4, undefined)), memoriesOf(other({ x0: 40, y0: 10, x1: 44, y1: 14 }))];
    expect(planSearch(far, GRID, () => true).contests).toEqual([]);
  });

  it('leaves everything to the one that is followed where the other is lost', () => {
    const lost = memoriesOf(other({ x0: 40, y0: 10, x1: 44, y1: 14 }), 7);
    const followed = memoriesOf({ ...entry(6, undefined) }, 7);
    const { contests } = planSearch([lost, followed], GRID, () => true);
    expect(contests).toEqual([
      {
        ...{ object: 0, rival: 1, favour: FAVOUR.rivalFollowed, marked: true },
        places: { object: null, rival: OBJECT },
      },
    ]);
  });

  it('takes no object for a look-alike of another', () => {
    const marked = [
      memoriesOf(entry(4, { ...RIVAL, foundOn: 1, bounds: { x0: 16, y0: 10, x1: 20, y1: 14 } })),
      objects[1] ?? memoriesOf(entry(4, undefined)),
    ];
    const alone = () => false;
    const apart = () => true;
    expect(planSearch(withoutMarkedRivals(marked, apart), GRID, apart).searches).toHaveLength(2);
    expect(planSearch(withoutMarkedRivals(marked, alone), GRID, alone).searches).toHaveLength(3);
  });

  it('takes those for alike of which one was found to be like the other on a prompted frame, and their like', () => {
    const beside = { x0: 18, y0: 10, x1: 22, y1: 14 };
    const far = { x0: 40, y0: 10, x1: 44, y1: 14 };
    const promptedOn = (bounds: CellBox, rival: Rival | undefined, frame = 1) => {
      const prompted = entry(frame, rival);
      const conditioning = [{ frame, memory: { ...prompted.memory, bounds } }];
      const place = { frame: 5, direction: 'forward', frameCount: 9 } as const;
      return whereaboutsOf({ conditioning, longTerm: [], recent: [], ...place });
    };
    const found = { ...RIVAL, bounds: beside };
    const three = [
      promptedOn(OBJECT, found),
      promptedOn(beside, { ...RIVAL, bounds: far }),
      promptedOn(far, undefined),
    ];
    const areAlike = alikeObjects(three, () => true);
    expect([areAlike(0, 1), areAlike(1, 2), areAlike(0, 2)]).toEqual([true, true, true]);
    expect(alikeObjects(three, () => false)(0, 1)).toBe(false);
    const others = [promptedOn(OBJECT, undefined), promptedOn(beside, undefined)];
    expect(alikeObjects(others, () => true)(0, 1)).toBe(false);
    const large = { x0: 18, y0: 0, x1: 40, y1: 14 };
    const swans = [promptedOn(OBJECT, { ...RIVAL, bounds: large }), promptedOn(large, undefined)];
    expect(alikeObjects(swans, () => true)(0, 1)).toBe(false);
    // Nobody knows where the one was on the frame on which the other was prompted.
    const apart = [promptedOn(OBJECT, found), promptedOn(beside, undefined, 2)];
    expect(alikeObjects(apart, () => true)(0, 1)).toBe(false);
  });
});
