import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Doubted, Doubts } from './doubt.ts';
import { DoubtIndex } from './doubtIndex.ts';
import type { FrameMask } from './frameMask.ts';
import { MaskTrack } from './maskTrack.ts';
import { encodeRle, type MaskRle } from './rle.ts';

const SIZE = { width: 20, height: 4 };

/** A bar of four columns from `x` on. */
function bar(x: number): MaskRle {
  const raster = new Uint8Array(SIZE.width * SIZE.height);
  for (let row = 0; row < SIZE.height; row++) raster.fill(1, row * SIZE.width + x, row * SIZE.width + x + 4);
  return encodeRle(raster, SIZE);
}

const BARS = [0, 1, 6, 7, 12, 13].map(bar);
const sure = (mask: MaskRle, more: Partial<FrameMask> = {}): FrameMask => ({
  ...{ mask, status: 'tracked', score: 0.9 },
  ...more,
});
const object = (id: number, masks: readonly (readonly [number, FrameMask])[]): Doubted => ({
  id,
  track: MaskTrack.EMPTY.with(masks),
});
const plain = (doubts: ReadonlyMap<number, Doubts>) =>
  Object.fromEntries(
    Array.from(doubts, ([id, frames]) => [id, Object.fromEntries([...frames].sort(([a], [b]) => a - b))]),
  );

afterEach(() => vi.restoreAllMocks());

describe('the index of doubts', () => {
  it('says after every change what a look at everything says', () => {
    let state = 7;
    const random = (below: number) => {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    const index = new DoubtIndex();
    let objects: readonly Doubted[] = [1, 2, 3].map((id) => object(id, []));
    const seen = new Set<string>();
    for (let step = 0; step < 400; step++) {
      const id = 1 + random(3);
      const frame = 250 + random(12);
      const mask = BARS[random(BARS.length)]!;
      const entry = sure(mask, { score: random(5) / 4, ...(random(3) === 0 && { agreement: random(2) }) });
      const change = ({ track }: Doubted) =>
        random(4) === 0 ? track.without(frame) : track.with([[frame, entry]]);
      objects =
        random(20) === 0
          ? objects.map((each) => (each.id === id ? object(id, []) : each)).toReversed()
          : objects.map((each) => (each.id === id ? { id, track: change(each) } : each));
      const found = plain(index.of(objects));
      expect(found).toEqual(plain(new DoubtIndex().of(objects)));
      for (const doubts of Object.values(found)) for (const doubt of Object.values(doubts)) seen.add(doubt);
    }
    expect(seen).toEqual(new Set(['unsure', 'jump', 'disagrees', 'overlaps']));
  });

  it('forgets the overlap with an object that is deleted', () => {
    const index = new DoubtIndex();
    const [one, two] = [object(1, [[5, sure(bar(0))]]), object(2, [[5, sure(bar(1))]])];
    expect(plain(index.of([one, two]))).toEqual({ 1: { 5: 'overlaps' }, 2: { 5: 'overlaps' } });
    expect(plain(index.of([one]))).toEqual({ 1: {} });
  });

  it('reads at a mask that comes and its neighbours, however long the clip; what has not changed is the same', () => {
    const masks = Array.from({ length: 3000 }, (_, frame) => [frame, sure(bar(0))] as const);
    const objects = [1, 2, 3].map((id) => object(id, id === 1 ? masks : []));
    const index = new DoubtIndex();
    const before = index.of(objects);
    const reads = vi.spyOn(MaskTrack.prototype, 'get');
    const changed = objects[0]!.track.with([[1500, sure(bar(6))]]);
    const after = index.of([{ id: 1, track: changed }, ...objects.slice(1)]);
    expect(reads.mock.calls.length).toBeLessThan(30);
    expect(plain(after)[1]).toEqual({ 1500: 'jump', 1501: 'jump' });
    expect(after.get(2)).toBe(before.get(2));
    const stale = changed.stale(() => true);
    reads.mockClear();
    expect(index.of([{ id: 1, track: stale }, ...objects.slice(1)]).get(1)).toBe(after.get(1));
    expect(reads.mock.calls.length).toBe(2 * 3000);
  });
});
