import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../src/core/rle.ts';
import { countTrial, countTrialBackward } from './trial.ts';

/** One row of pixels: `#` is object. */
const row = (text: string) =>
  encodeRle(
    Uint8Array.from(text, (c) => (c === '#' ? 1 : 0)),
    { width: 8, height: 1 },
  );
const rows = (...texts: string[]) => texts.map(row);
const tracked = (...texts: string[]) => rows(...texts).map((mask) => ({ mask }));

const NONE = '........';
const WHOLE = '####....';
const TWIN = '....####';

describe('countTrial', () => {
  it('counts hidden frames, false empties and a return that comes in time', () => {
    const truth = [WHOLE, '#.......', NONE, NONE, '#.......', WHOLE, WHOLE, WHOLE];
    const masks = [WHOLE, NONE, NONE, TWIN, NONE, NONE, NONE, WHOLE];
    expect(
      countTrial(tracked(...masks), {
        truth: rows(...truth),
        whole: rows(...truth.map(() => WHOLE)),
        twin: rows(...truth.map(() => NONE)),
      }),
    ).toEqual({ hidden: 2, leftEmpty: 1, clear: 4, falseEmpty: 2, switched: 0, returns: 1, foundAgain: 1 });
  });

  it('does not count a return that comes too late, or is of something else', () => {
    const truth = [WHOLE, NONE, WHOLE, WHOLE, WHOLE, WHOLE, NONE, WHOLE];
    const masks = [WHOLE, NONE, NONE, NONE, NONE, WHOLE, NONE, TWIN];
    const { returns, foundAgain } = countTrial(tracked(...masks), {
      truth: rows(...truth),
      whole: rows(...truth.map(() => WHOLE)),
      twin: rows(...truth.map(() => NONE)),
    });
    expect([returns, foundAgain]).toEqual([2, 0]);
  });

  it('counts masks that hold more of the twin than of the object', () => {
    const masks = [WHOLE, '.#######', '..######', TWIN];
    const { switched } = countTrial(tracked(...masks), {
      truth: rows(...masks.map(() => WHOLE)),
      whole: rows(...masks.map(() => WHOLE)),
      twin: rows(...masks.map(() => TWIN)),
    });
    expect(switched).toBe(3);
  });
});

describe('countTrialBackward', () => {
  it('looks for the object before hidden frames, not after them', () => {
    const truth = [WHOLE, WHOLE, WHOLE, WHOLE, NONE, WHOLE];
    const masks = [WHOLE, NONE, NONE, NONE, NONE, WHOLE];
    const clip = {
      truth: rows(...truth),
      whole: rows(...truth.map(() => WHOLE)),
      twin: rows(...truth.map(() => NONE)),
    };
    expect(countTrial(tracked(...masks), clip)).toMatchObject({ returns: 1, foundAgain: 1, falseEmpty: 3 });
    expect(countTrialBackward(tracked(...masks), clip)).toMatchObject({
      returns: 1,
      foundAgain: 0,
      falseEmpty: 3,
    });
  });
});
