import { describe, expect, it } from 'vitest';
import type { Doubt } from '../../core/doubt.ts';
import type { FrameStatus } from '../../core/frameMask.ts';
import { MaskTrack } from '../../core/maskTrack.ts';
import { emptyRle } from '../../core/rle.ts';
import { FrameMap } from '../../core/frameMap.ts';
import { wholeScale, zoomTimeScale } from '../../core/timeScale.ts';
import { doubtColumns, laneColumns as columnsOf } from './laneShape.ts';

const mask = emptyRle({ width: 1, height: 1 });
const track = (...frames: [number, FrameStatus, number][]) =>
  MaskTrack.EMPTY.with(frames.map(([frame, status, score]) => [frame, { mask, status, score }] as const));

const laneColumns = (of: MaskTrack, frameCount: number, width: number) =>
  columnsOf(of.parts, wholeScale(frameCount, width));

describe('a lane', () => {
  it('leaves no gap and no overlap between neighbouring frames', () => {
    const columns = [...laneColumns(track([4, 'tracked', 1], [5, 'tracked', 1], [6, 'tracked', 1]), 30, 500)];
    for (const [i, [x, { width }]] of columns.slice(0, -1).entries()) {
      expect(x + width).toBe(columns[i + 1]?.[0]);
    }
  });

  it('is the same however the track came about, and where only a part of it has changed', () => {
    const frames = Array.from({ length: 1000 }, (_, i) => [i, 'tracked', (i % 10) / 10] as const);
    const before = track(...frames.map(([...entry]) => entry));
    laneColumns(before, 1000, 300);
    const changed = before.with([[700, { mask, status: 'stale', score: 0 }]]);
    const anew = track(
      ...frames.map(([i, , score]) => [i, 'tracked', score] as [number, FrameStatus, number]),
    );
    const both = anew.with([[700, { mask, status: 'stale', score: 0 }]]);
    expect([...laneColumns(changed, 1000, 300)]).toEqual([...laneColumns(both, 1000, 300)]);
    expect(
      [...laneColumns(changed, 1000, 300).values()].filter(({ status }) => status === 'stale'),
    ).toHaveLength(1);
    expect(laneColumns(changed, 1000, 200).size).toBeLessThan(laneColumns(changed, 1000, 300).size);
  });

  it('has all frames that are in sight where it is zoomed, however it is scrolled, and few others', () => {
    const all = track(
      ...Array.from({ length: 10_000 }, (_, i) => [i, 'tracked', 1] as [number, FrameStatus, number]),
    );
    const zoomed = zoomTimeScale(wholeScale(10_000, 500), 1e6, 250);
    const scale = { ...zoomed, scroll: zoomed.scroll + 1000 };
    const columns = columnsOf(all.parts, scale);
    let x = scale.scroll;
    while (!columns.has(x)) x--;
    while (x < scale.scroll + 500) x += columns.get(x)?.width ?? NaN;
    expect(x).toBeGreaterThanOrEqual(scale.scroll + 500);
    expect(columns.size).toBeLessThan(1000);
  });

  it('shows what asks for attention where many frames share a pixel', () => {
    const columns = laneColumns(track([10, 'tracked', 0.9], [11, 'stale', 0.4]), 10_000, 200);
    expect([...columns.values()]).toEqual([{ status: 'stale', score: 0.4, width: 1 }]);
  });

  it('has its doubtful frames where their masks are, one pixel at least', () => {
    const doubts = new FrameMap<Doubt>().with([[5, 'jump']]);
    const masks = laneColumns(track([4, 'tracked', 1], [5, 'tracked', 1]), 30, 500);
    const [[x, { width }] = [0, { width: 0 }], ...others] = doubtColumns(doubts.parts, wholeScale(30, 500));
    expect([masks.get(x)?.width, others]).toEqual([width, []]);
    expect([...doubtColumns(doubts.parts, wholeScale(30_000, 500)).values()]).toEqual([
      { doubt: 'jump', width: 1 },
    ]);
  });
});
