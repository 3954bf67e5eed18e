import { describe, expect, it } from 'vitest';
import { FAVOUR, settleMasks, shareGuesses, type Contest, type Places } from './contest.ts';
import type { Guess } from './memoryAttention.ts';
import { TUNED } from './tuned.ts';

/** A guess on one row of cells. */
function guess(probabilities: readonly number[], resemblances?: readonly number[]) {
  const data = Float32Array.from(probabilities);
  return {
    probability: { width: data.length, height: 1, data },
    resemblance: resemblances ? Float32Array.from(resemblances) : data.map(() => 0),
  };
}

const NOWHERE: Places = { object: null, rival: null };

function contest(object: number, rival: number, places: Places | undefined, pair = false): Contest {
  return { object, rival, places, pair, favour: FAVOUR.none };
}

/** What is left of two guesses of one frame, the object's and its rival's. */
function shareTwo(own: Guess, other: Guess, places: Places | undefined, pair = false) {
  const [object, rival] = shareGuesses([own, other], [[contest(0, 1, places, pair)]]);
  if (!object || !rival) throw new Error('Something is left of each.');
  return { object, rival };
}

const numbers = ({ data }: { data: Float32Array }) => [...data];

describe('shareGuesses', () => {
  it('leaves what only one of them claims', () => {
    const shared = shareTwo(guess([0.9, 0, 0.4]), guess([0, 0.8, 0]), NOWHERE);
    expect(numbers(shared.object)).toEqual(numbers(guess([0.9, 0, 0.4]).probability));
    expect(numbers(shared.rival)).toEqual(numbers(guess([0, 0.8, 0]).probability));
  });

  it('shares what both claim by their odds, and lets neither grow', () => {
    const shared = shareTwo(guess([0.9, 0.2]), guess([0.3, 0.6]), NOWHERE);
    expect(shared.object.data[0]).toBeCloseTo(0.75);
    expect(shared.rival.data[0]).toBeCloseTo(0.25);
    expect(shared.object.data[1]).toBeCloseTo(0.2);
    expect(shared.rival.data[1]).toBeCloseTo(0.6);
  });

  it('leaves more to the one that was nearer, and bounds what that says', () => {
    const claims = () => guess(new Array<number>(40).fill(1));
    const places = { object: { x0: 0, y0: 0, x1: 6, y1: 1 }, rival: { x0: 10, y0: 0, x1: 16, y1: 1 } };
    const { object, rival } = shareTwo(claims(), claims(), places);
    expect(object.data[7]).toBeGreaterThan(0.5);
    expect(object.data[8]).toBeLessThan(0.5);
    expect(object.data[0]).toBeCloseTo(1 / (1 + Math.exp(-2)));
    expect(object.data[39]).toBeCloseTo(1 / (1 + Math.exp(2)));
    object.data.forEach((p, cell) => expect(p + (rival.data[cell] ?? 0)).toBeLessThanOrEqual(1.000001));
  });

  it('leaves more to the one that the surroundings resemble more', () => {
    const cells = new Array<number>(30).fill(1);
    // One cell speaks for the rival, among others that speak for the object.
    const resembling = cells.map((_, cell) =>
      cell < 15 && cell !== 5 ? TUNED.temperature : -TUNED.temperature,
    );
    const { object } = shareTwo(guess(cells, resembling), guess(cells), NOWHERE);
    expect(object.data[5]).toBeGreaterThan(0.5);
    expect(object.data[25]).toBeLessThan(0.5);
  });

  it('does not compare cells that one of them was not asked for', () => {
    const asked = guess([1, 1, 1, 1], [0, 0, 0, 0]);
    const notAsked = guess([0, 0.5, 0.5, 0], [NaN, 0, 0, NaN]);
    const { object } = shareTwo(asked, notAsked, NOWHERE);
    expect(numbers(object).map((p) => Math.round(100 * p))).toEqual([100, 67, 67, 100]);
  });

  it('gives each cell to one of a pair, and to the one that was nearer even where their boxes overlap', () => {
    const half = () => guess(new Array<number>(21).fill(0.4));
    const places = { object: { x0: 0, y0: 0, x1: 12, y1: 1 }, rival: { x0: 9, y0: 0, x1: 21, y1: 1 } };
    const { object, rival } = shareTwo(half(), half(), places, true);
    object.data.forEach((p, cell) => expect(p + (rival.data[cell] ?? 0)).toBeCloseTo(0.8));
    expect(object.data[10]).toBeCloseTo(0.4);
    expect(object.data[7]).toBeGreaterThan(0.7);
    expect(rival.data[13]).toBeGreaterThan(0.7);
    const unmarked = shareTwo(half(), half(), places);
    expect(unmarked.object.data[10]).toBeCloseTo(0.4);
    expect(unmarked.object.data[7]).toBeCloseTo(0.4);
  });

  it('leaves of a rival that was not known before what looks like the object and is not', () => {
    const object = guess([1, 0.4, 0.6, 0], [0, 0, 0, NaN]);
    const shared = shareTwo(object, guess([1, 0.9, 0.5, 0.8], [0, 0, 0, 0]), undefined);
    expect(shared.object).toBe(object.probability);
    expect(numbers(shared.rival).map((p) => Math.round(100 * p))).toEqual([0, 50, 0, 80]);
  });
});

describe('shareGuesses of three', () => {
  const same = () => guess([0.6, 0.9]);
  /** What is left of one row of cells, in hundredths, by guess. */
  const shares = (guesses: readonly Guess[], ...rounds: readonly Contest[][]) =>
    shareGuesses(guesses, rounds).map((left) => numbers(left).map((p) => Math.round(100 * p)));

  it('leaves each the same of what they all claim alike, in whatever order they are named', () => {
    const all = [contest(0, 1, NOWHERE, true), contest(0, 2, NOWHERE, true), contest(1, 2, NOWHERE, true)];
    const thirds = [33, 33];
    expect(shares([same(), same(), same()], all)).toEqual([thirds, thirds, thirds]);
    expect(shares([same(), same(), same()], all.toReversed())).toEqual([thirds, thirds, thirds]);
  });

  it('leaves of what nobody knew before what none of the others claims', () => {
    const contests = [contest(0, 2, undefined), contest(1, 2, undefined)];
    const [, , unknown] = shares([guess([0.3, 0]), guess([0.1, 0.2]), same()], contests);
    expect(unknown).toEqual([20, 70]);
  });

  it('shares what a round leaves in the next one', () => {
    const [first, second, third] = shares(
      [guess([0.6]), guess([0.6]), guess([0.5])],
      [contest(0, 1, NOWHERE, true)],
      [contest(0, 2, NOWHERE, true)],
    );
    expect([first, second, third]).toEqual([[50], [50], [50]]);
  });

  it('shares between those that contest each other, and leaves others theirs', () => {
    expect(shares([same(), same(), same()], [contest(0, 2, NOWHERE)])).toEqual([
      [50, 50],
      [60, 90],
      [50, 50],
    ]);
  });
});

describe('settleMasks', () => {
  const settle = (
    own: number,
    ownGuess: number,
    other: number,
    otherGuess: number,
    favour = TUNED.favour,
  ) => {
    const claim = (logit: number, guessed: number) => ({
      logits: Float32Array.of(logit),
      prompt: Float32Array.of(guessed * TUNED.maskPromptScale),
    });
    const [object, rival] = [claim(own, ownGuess), claim(other, otherGuess)];
    settleMasks([object, rival], [[{ ...contest(0, 1, NOWHERE), favour }]]);
    return [object.logits[0], rival.logits[0]];
  };

  it('gives a cell that both claim to the one whose mask and guess are surer', () => {
    expect(settle(5, 3, 4, 3)).toEqual([5, -4]);
    expect(settle(4, -3, 5, 3)).toEqual([-4, 5]);
  });

  it('favours the object', () => {
    expect(settle(4, 0, 5, 0)).toEqual([4, -5]);
    expect(settle(4, 0, 6.5, 0)).toEqual([-4, 6.5]);
  });

  it('leaves all to the one that was followed, if the other was not', () => {
    expect(settle(0.1, -6, 20, 6, FAVOUR.objectFollowed)).toEqual([expect.closeTo(0.1), -20]);
    expect(settle(20, 6, 0.1, -6, FAVOUR.rivalFollowed)).toEqual([-20, expect.closeTo(0.1)]);
  });

  it('leaves what only one of them claims', () => {
    expect(settle(-1, 5, 5, 5)).toEqual([-1, 5]);
    expect(settle(5, 5, -1, 5)).toEqual([5, -1]);
  });
});
