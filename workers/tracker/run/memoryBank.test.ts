import { describe, expect, it } from 'vitest';
import {
  keepLongTerm,
  MemoryBank,
  selectMemories,
  type LongTermRules,
  type MemoryEntry,
} from './memoryBank.ts';

/** A memory here is how the object looks, as a number, and how sure the tracker was. */
interface Look {
  readonly look: number;
  readonly sure: number;
}

const entry = (frame: number, look = frame, sure = 1): MemoryEntry<Look> => ({
  frame,
  memory: { look, sure },
});
const framesOf = (entries: readonly MemoryEntry<Look>[]) => entries.map(({ frame }) => frame);
const at = (frame: number) => ({ frame, direction: 'forward', frameCount: 600 }) as const;
const none = { conditioning: [], longTerm: [], recent: [] };

const longTerm: LongTermRules<Look> = {
  every: 5,
  most: 3,
  isTrusted: ({ sure }) => sure >= 0.5,
  likeness: ({ memory: a }, { memory: b }) => -Math.abs(a.look - b.look),
  confidence: ({ sure }) => sure,
};

describe('selectMemories', () => {
  const select = (recent: number[], frame: number, direction: 'forward' | 'backward') =>
    framesOf(
      selectMemories({ ...none, recent: recent.map((at) => entry(at)) }, { frame, direction, frameCount: 60 })
        .recent,
    );

  it('takes all prompted frames, past and future, nearest first', () => {
    const conditioning = [entry(0), entry(50), entry(12)];
    const selected = selectMemories({ ...none, conditioning }, at(20));
    expect(framesOf(selected.conditioning)).toEqual([12, 0, 50]);
  });

  it('takes the tracked frames behind the frame, the latest first, however far back they are', () => {
    expect(select([3, 9, 4, 8, 40], 30, 'forward')).toEqual([9, 8, 4, 3]);
  });

  it('looks back along the direction of the run', () => {
    expect(select([3, 9, 4, 8], 5, 'backward')).toEqual([8, 9]);
  });
});

describe('keepLongTerm', () => {
  it('takes trusted frames at intervals only', () => {
    expect(keepLongTerm([], undefined, entry(7), 7, longTerm)).toEqual([]);
    expect(keepLongTerm([], undefined, entry(10, 10, 0.4), 10, longTerm)).toEqual([]);
    expect(framesOf(keepLongTerm([], undefined, entry(10), 10, longTerm))).toEqual([10]);
  });

  it('drops the less confident of the two most alike', () => {
    const kept = [entry(5, 100, 0.6), entry(10, 200), entry(15, 300)];
    expect(framesOf(keepLongTerm(kept, entry(0, 0), entry(20, 110, 0.9), 20, longTerm))).toEqual([
      10, 15, 20,
    ]);
  });

  it('drops the newer at a tie', () => {
    const kept = [entry(5, 100), entry(10, 200), entry(15, 300)];
    expect(framesOf(keepLongTerm(kept, entry(0, 0), entry(20, 110), 20, longTerm))).toEqual([5, 10, 15]);
  });

  it('never drops the prompted frame, but what is like it', () => {
    const kept = [entry(5, 100), entry(10, 200), entry(15, 300)];
    expect(framesOf(keepLongTerm(kept, entry(0, 0, 0.1), entry(20, 1), 20, longTerm))).toEqual([5, 10, 15]);
  });
});

describe('MemoryBank', () => {
  it('holds a bounded number of memories however long the run', () => {
    const bank = new MemoryBank<Look>({ recentKept: 4, longTerm });
    bank.addConditioning(entry(0));
    for (let frame = 1; frame <= 500; frame++) bank.addTracked(entry(frame));
    expect(bank.size).toBe(1 + 3 + 4);
    expect(framesOf(bank.select(at(501)).recent)).toEqual([500, 499, 498, 497]);
  });

  it('forgets recent frames but not those of the long term at a prompt, and both as the direction turns, if it is to', () => {
    const bank = new MemoryBank<Look>({ recentKept: 2, longTerm, forgets: true }, undefined, [6]);
    bank.addConditioning(entry(7));
    bank.addTracked(entry(12));
    bank.passPrompt(12);
    expect(framesOf(bank.select(at(13)).recent)).toEqual([]);
    expect(framesOf(bank.select(at(13)).longTerm)).toEqual([12]);
    bank.startSpan(6, 'backward');
    const { conditioning, longTerm: kept } = bank.select({ ...at(6), direction: 'backward' });
    expect(framesOf(conditioning)).toEqual([7]);
    expect(kept).toEqual([]);
  });

  it('keeps what frames to come can ask for: at a prompt, at a turn, and at a later span', () => {
    const freed: number[] = [];
    const bank = new MemoryBank<Look>({ recentKept: 3 }, ({ look }) => freed.push(look), [6]);
    bank.addConditioning(entry(7));
    for (let frame = 8; frame <= 20; frame++) bank.addTracked(entry(frame));
    bank.passPrompt(20);
    expect(framesOf(bank.select(at(21)).recent)).toEqual([20, 19, 18]);
    // Frames 8 and 9 are within three of the turn at 6.
    expect(bank.size).toBe(1 + 3 + 2);
    bank.startSpan(6, 'backward');
    expect(framesOf(bank.select({ ...at(6), direction: 'backward' }).recent)).toEqual([8, 9, 18]);
    bank.addTracked(entry(6));
    expect(framesOf(bank.select({ ...at(5), direction: 'backward' }).recent)).toEqual([6, 8, 9]);
    bank.clear();
    expect(freed.toSorted((a, b) => a - b)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it('forgets what lies around a prompt where it is told to', () => {
    const bank = new MemoryBank<Look>({ recentKept: 9 }, undefined, [0]);
    bank.addConditioning(entry(5));
    for (let frame = 1; frame <= 4; frame++) bank.addTracked(entry(frame));
    bank.passPrompt(5, 2);
    expect(framesOf(bank.select(at(6)).recent)).toEqual([2, 1]);
    bank.startSpan(0, 'backward');
    expect(framesOf(bank.select({ ...at(0), direction: 'backward' }).recent)).toEqual([1, 2]);
  });

  describe('of an object with a distractor', () => {
    const distractorOf = (bank: MemoryBank<Look>, frame: number) => {
      const { conditioning, recent } = bank.select(at(frame)).distractor ?? none;
      return [...conditioning, ...recent].map(({ memory }) => memory.look);
    };
    const start = (freed: number[] = []) => {
      const bank = new MemoryBank<Look>({ recentKept: 2, forgets: true }, ({ look }) => freed.push(look));
      bank.addConditioning({ ...entry(0), distractor: { look: 100, sure: 1 } });
      bank.addConditioning({ ...entry(6), distractor: { look: 106, sure: 1 } });
      bank.addConditioning(entry(8));
      bank.startSpan(0, 'forward');
      return bank;
    };

    it('follows that of the prompted frame that it passed last', () => {
      const bank = start();
      expect(distractorOf(bank, 1)).toEqual([]);
      bank.passPrompt(0);
      bank.addDistractor(entry(1, 101), false);
      expect(distractorOf(bank, 2)).toEqual([100, 101]);
      bank.passPrompt(6);
      expect(distractorOf(bank, 7)).toEqual([106]);
      bank.passPrompt(8);
      expect(distractorOf(bank, 9)).toEqual([]);
      bank.startSpan(7, 'forward');
      expect(distractorOf(bank, 7)).toEqual([106]);
    });

    it('follows one that is met in its place', () => {
      const bank = start();
      bank.passPrompt(0);
      bank.addDistractor(entry(1, 101), false);
      bank.addDistractor(entry(2, 202), true);
      bank.addDistractor(entry(3, 203), false);
      expect(distractorOf(bank, 4)).toEqual([202, 203]);
    });

    it('goes on with it where a run that was saved goes on', () => {
      const bank = start();
      bank.addDistractor(entry(2, 202), true);
      bank.addDistractor(entry(3, 203), false);
      const again = start();
      again.restoreTracked(structuredClone(bank.tracked));
      expect(distractorOf(again, 4)).toEqual([202, 203]);
    });

    it('keeps for long what is of frames that are kept of the object', () => {
      const bank = new MemoryBank<Look>({ recentKept: 2, longTerm });
      bank.addConditioning({ ...entry(0), distractor: { look: 100, sure: 1 } });
      bank.passPrompt(0);
      for (const [frame, sure] of [
        [5, 1],
        [10, 0],
      ] as const) {
        bank.addTracked(entry(frame, frame, sure));
        bank.addDistractor(entry(frame, 100 + frame, 1 - sure), false);
      }
      expect(framesOf(bank.select(at(11)).longTerm)).toEqual([5]);
      expect(framesOf(bank.select(at(11)).distractor?.longTerm ?? [])).toEqual([5]);
    });

    it('frees each memory once', () => {
      const freed: number[] = [];
      const bank = start(freed);
      bank.passPrompt(0);
      for (const frame of [1, 2, 3, 4]) bank.addDistractor(entry(frame, 100 + frame), false);
      expect(freed).toEqual([101, 102]);
      bank.addDistractor(entry(5, 205), true);
      expect(freed.splice(0).toSorted((a, b) => a - b)).toEqual([101, 102, 103, 104]);
      bank.passPrompt(6);
      expect(freed.splice(0)).toEqual([205]);
      bank.clear();
      expect(freed.toSorted((a, b) => a - b)).toEqual([0, 6, 8, 100, 106]);
    });
  });
});
