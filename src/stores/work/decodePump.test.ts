import { describe, expect, it } from 'vitest';
import { DecodePump } from './decodePump.ts';
import { giveUpPrompts, nextDecode } from './pendingPrompts.ts';
import { EMPTY_DOCUMENT, withNewObject } from '../../document/document.ts';
import { pendingDecodes, withPrompts, withSegmentation } from '../../document/promptedMasks.ts';
import { emptyRle } from '../../core/rle.ts';

const settle = () => new Promise<void>((done) => setTimeout(done));
const point = (x: number) => ({ points: [{ x, y: 0, label: 1 as const }] });

describe('DecodePump', () => {
  it('never begins what a newer click has replaced, and decodes the last one', async () => {
    let { document } = withNewObject(EMPTY_DOCUMENT);
    const begun: number[] = [];
    const answers: (() => void)[] = [];
    const pump = new DecodePump({
      next: () => nextDecode(document, 0),
      run: ({ prompts }) => {
        begun.push(prompts.points[0]?.x ?? -1);
        return new Promise<void>((resolve) => answers.push(resolve));
      },
      done: (decode) => {
        document = withSegmentation(document, decode, { mask: emptyRle({ width: 1, height: 1 }), score: 1 });
      },
      failed: () => undefined,
      onActive: () => undefined,
    });
    const click = (x: number) => {
      document = withPrompts(document, 1, 0, point(x));
      pump.wake();
    };
    [1, 2, 3].forEach(click);
    answers[0]?.();
    await settle();
    answers[1]?.();
    await settle();
    expect(begun).toEqual([1, 3]);
    expect(pendingDecodes(document)).toEqual([]);
  });

  it('goes on after a job that failed, and says when it rests', async () => {
    const jobs = ['bad', 'good'];
    const log: string[] = [];
    const pump = new DecodePump<string, string>({
      next: () => jobs.shift(),
      run: (job) => (job === 'bad' ? Promise.reject(new Error(job)) : Promise.resolve(job)),
      done: (job) => log.push(`done ${job}`),
      failed: (job) => log.push(`failed ${job}`),
      onActive: (job) => log.push(job ?? 'rest'),
    });
    pump.wake();
    await settle();
    expect(log).toEqual(['bad', 'failed bad', 'good', 'done good', 'rest']);
  });
});

describe('nextDecode', () => {
  it('takes the frame at the playhead first, and leaves out what cannot be decoded', () => {
    let { document } = withNewObject(EMPTY_DOCUMENT);
    const here = point(1);
    document = withPrompts(document, 1, 5, here);
    document = withPrompts(document, 1, 9, point(2));
    expect(nextDecode(document, 5)?.frame).toBe(5);
    expect(nextDecode(document, 0)?.frame).toBe(9);
    giveUpPrompts(here);
    expect(nextDecode(document, 5)?.frame).toBe(9);
  });
});
