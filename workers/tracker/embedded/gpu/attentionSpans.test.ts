import { expect, it } from 'vitest';
import { tensor } from '../../../models/graph.ts';
import { planAttention, type AttentionPlan } from '../memoryAttention.ts';
import { attentionSpans } from './attentionSpans.ts';

const GRID = { width: 40, height: 30 };
const NOTHING = tensor(new Float32Array(), [0]);
const BOUNDS = { x0: 18, y0: 14, x1: 20, y1: 16 };

/** A search that asks some columns of a frame, and remembers frames whole or round an object. */
function plan(columns: number, remembered: readonly boolean[]): AttentionPlan {
  const memories = remembered.map((whole) => ({
    ...{ whole, local: false, discount: 0 },
    memory: { grid: GRID, descriptors: NOTHING, label: NOTHING, bounds: BOUNDS },
  }));
  return { ...planAttention(GRID, memories, null), asked: { x0: 0, y0: 0, x1: columns, y1: 30 } };
}

/** Keys of each search that its spans cover, by where their parts lie; fails where two spans share a part. */
function covered(plans: readonly AttentionPlan[], mostRows: number) {
  const { batches, searches, parts } = attentionSpans(plans, mostRows);
  const places = batches.flatMap(({ spans }) => spans).sort((a, b) => a.part - b.part);
  let end = 0;
  for (const { part, queries } of places) {
    expect(part).toBe(end);
    end += queries;
  }
  expect(end).toBe(parts);
  return searches.map(({ part, queries, spans }) => {
    const own = places.filter((span) => span.part >= part && span.part < part + spans * queries);
    expect(own).toHaveLength(spans);
    expect(own.every((span) => span.queries === queries)).toBe(true);
    return own.reduce((sum, { keys }) => sum + keys, 0);
  });
}

it('spans cover all keys of each search, and their parts follow each other', () => {
  const plans = [plan(40, [true, false]), plan(7, [false, true, true])];
  const keys = plans.map(({ count }) => count);
  expect(keys).toEqual([1200 + 22 * 22, 22 * 22 + 2400]);
  for (const mostRows of [Infinity, 3000, 1300, 1]) expect(covered(plans, mostRows)).toEqual(keys);
});

it('all searches make one batch where there is room, and no batch has more rows than there may be', () => {
  const plans = [plan(40, [true, false]), plan(7, [false, true, true])];
  expect(attentionSpans(plans, Infinity).batches).toHaveLength(1);
  const { batches } = attentionSpans(plans, 1300);
  expect(batches.length).toBeGreaterThan(1);
  for (const { queryRows, keyRows, spans, queries, windows } of batches) {
    expect(queryRows).toBeLessThanOrEqual(1300);
    expect(keyRows).toBeLessThanOrEqual(1300);
    expect([...new Set(windows.map(({ search }) => search))]).toEqual([...queries.keys()]);
    for (const span of spans) {
      expect(span.query + span.queries).toBeLessThanOrEqual(queryRows);
      expect(span.key + span.keys).toBeLessThanOrEqual(keyRows);
    }
  }
});

it('a workgroup goes through 512 keys at most', () => {
  const [batch] = attentionSpans([plan(1, [true])], Infinity).batches;
  expect(batch?.spans.map(({ key, keys }) => [key, keys])).toEqual([
    [0, 512],
    [512, 512],
    [1024, 176],
  ]);
});

it('a search that remembers nothing is refused', () => {
  expect(() => attentionSpans([plan(1, [])], Infinity)).toThrow(RangeError);
});
