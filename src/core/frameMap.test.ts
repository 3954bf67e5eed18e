import { describe, expect, it } from 'vitest';
import { FrameMap } from './frameMap.ts';

const FRAMES = 1000;
const full = new FrameMap<string>().with(Array.from({ length: FRAMES }, (_, i) => [i, `${i}`] as const));

describe('FrameMap', () => {
  it('gives a new map and leaves the old one as it was', () => {
    const changed = full.with([
      [3, 'x'],
      [700, undefined],
    ]);
    expect([changed.get(3), changed.get(700), changed.size]).toEqual(['x', undefined, FRAMES - 1]);
    expect([full.get(3), full.get(700), full.size]).toEqual(['3', '700', FRAMES]);
    expect(Array.from(changed, ([frame]) => frame)).toHaveLength(FRAMES - 1);
    expect(full.with([])).toBe(full);
  });

  it('shares all parts but those that change, and finds the frames that did', () => {
    const changed = full.with([
      [3, 'x'],
      [4, '4'],
      [700, undefined],
    ]);
    const shared = new Set(full.parts);
    expect([...changed.parts].filter((part) => !shared.has(part))).toHaveLength(2);
    expect(changed.changedFrames(full)).toEqual([3, 700]);
    expect(full.changedFrames(changed)).toEqual([3, 700]);
    expect(full.changedFrames(full)).toEqual([]);
    expect(full.changedFrames(new FrameMap())).toHaveLength(FRAMES);
  });
});
