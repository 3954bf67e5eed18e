import { describe, expect, it } from 'vitest';
import { SpareBuffer } from './spareBuffer.ts';

describe('SpareBuffer', () => {
  it('gives the buffer of the time before, where that is long enough', async () => {
    const spare = new SpareBuffer();
    const first = await spare.use(10, async (numbers) => numbers);
    const shorter = await spare.use(4, async (numbers) => numbers);
    const longer = await spare.use(11, async (numbers) => numbers);
    expect([first.length, shorter.length, longer.length]).toEqual([10, 4, 11]);
    expect(shorter.buffer).toBe(first.buffer);
    expect(longer.buffer).not.toBe(first.buffer);
  });

  it('gives another one while that is in use, and has one again after work that failed', async () => {
    const spare = new SpareBuffer();
    const used: Float32Array[] = [];
    const failing = spare.use(3, async (outer) => {
      used.push(outer);
      await spare.use(3, async (inner) => used.push(inner));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await spare.use(3, async (again) => used.push(again));
    expect(used[1]?.buffer).not.toBe(used[0]?.buffer);
    expect(used[2]?.buffer).toBe(used[0]?.buffer);
  });
});
