import { describe, expect, it } from 'vitest';
import type { FrameMask, FrameStatus } from './frameMask.ts';
import { MaskTrack } from './maskTrack.ts';
import { emptyRle } from './rle.ts';

const frameMask = (status: FrameStatus, score = 0.9): FrameMask => ({
  mask: emptyRle({ width: 2, height: 2 }),
  status,
  score,
});

const statuses = (track: MaskTrack) =>
  Object.fromEntries(Array.from(track, ([frame, { status }]) => [frame, status]));

describe('MaskTrack', () => {
  it('gives a new track and leaves the old one as it was', () => {
    const one = MaskTrack.EMPTY.with([[3, frameMask('prompted')]]);
    const two = one.with([
      [4, frameMask('tracked')],
      [3, frameMask('tracked')],
    ]);
    expect(MaskTrack.EMPTY.size).toBe(0);
    expect(statuses(one)).toEqual({ 3: 'prompted' });
    expect(statuses(two)).toEqual({ 3: 'tracked', 4: 'tracked' });
    expect(two.size).toBe(2);
  });

  it('holds long clips: every frame of thousands, put in one by one', () => {
    let track = MaskTrack.EMPTY;
    for (let frame = 0; frame < 2000; frame++)
      track = track.with([[frame, frameMask('tracked', frame / 2000)]]);
    const half = track;
    for (let frame = 0; frame < 2000; frame += 7) track = track.without(frame);
    expect(half.size).toBe(2000);
    expect(track.size).toBe(2000 - 286);
    expect(track.get(1400)).toBeUndefined();
    expect(half.get(1400)?.score).toBe(0.7);
    expect(new Set(Array.from(half, ([frame]) => frame)).size).toBe(2000);
  });

  it('takes a frame out', () => {
    const track = MaskTrack.EMPTY.with([
      [0, frameMask('prompted')],
      [1, frameMask('tracked')],
    ]);
    const shorter = track.without(1);
    expect(shorter.get(1)).toBeUndefined();
    expect(statuses(shorter)).toEqual({ 0: 'prompted' });
    expect(track.get(1)).toBeDefined();
  });

  it('turns frames stale, and keeps their masks and scores', () => {
    const track = MaskTrack.EMPTY.with([
      [0, frameMask('prompted')],
      [1, frameMask('tracked', 0.7)],
      [2, frameMask('absent')],
      [3, frameMask('stale')],
    ]);
    const stale = track.stale((frame) => frame !== 2);
    expect(statuses(stale)).toEqual({ 0: 'prompted', 1: 'stale', 2: 'absent', 3: 'stale' });
    expect(stale.get(1)).toEqual({ ...track.get(1), status: 'stale' });
    expect([track.counts.stale, stale.counts.stale]).toEqual([1, 2]);
    expect(track.get(1)?.status).toBe('tracked');
  });
});
