import { describe, expect, it } from 'vitest';
import { mayOverlap, rleArea, sharedPart } from '../../src/core/rle.ts';
import { paintPair, PAIR_SETS, pairNames } from './pairs.ts';
import { CLEAR_SHARE } from './trial.ts';

describe('painted pairs', () => {
  it('are other ones in each set', () => {
    const [tuning, held] = PAIR_SETS.map(pairNames);
    expect(tuning).toHaveLength(10);
    expect(tuning?.filter((name) => held?.includes(name))).toEqual([]);
  });

  it.each(pairNames('tuning').filter((_, i) => i % 2 === 0))(
    'show two objects clearly at first, which meet: %s',
    async (name) => {
      const { objects, source } = await paintPair(name);
      const [a, b] = objects;
      if (!a || !b) throw new Error('There are two objects.');
      for (const { truth, whole } of objects) {
        expect(truth).toHaveLength(source.info.frameCount);
        const [shown, all] = [truth[0], whole[0]];
        expect(shown && all && rleArea(shown)).toBeGreaterThan(CLEAR_SHARE * (all ? rleArea(all) : 0));
      }
      const shared = a.whole.map((mask, frame) => {
        const other = b.whole[frame];
        return other && mayOverlap(mask, other) ? sharedPart(mask, other) : 0;
      });
      expect(Math.max(...shared)).toBeGreaterThan(0.01);
      // What can be seen of one cannot be seen of the other.
      a.truth.forEach((mask, frame) => {
        const other = b.truth[frame];
        if (other && rleArea(mask) > 0 && rleArea(other) > 0) expect(sharedPart(mask, other)).toBe(0);
      });
    },
  );

  it('are the same every time', async () => {
    const { content } = await paintPair('turn-1');
    expect((await paintPair('turn-1')).content).toBe(content);
    expect((await paintPair('turn-2')).content).not.toBe(content);
  });
});
