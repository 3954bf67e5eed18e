import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { describeResults, readResults, runParts, writeResults, type Part, type Results } from './runParts.ts';

const CONDITIONS = { device: 'a GPU', frames: 3 };
const NONE: Results = { conditions: CONDITIONS, parts: [] };
const HOUR = 3_600_000;

const part = (name: string, measure?: Part<string>['measure']): Part<string> => ({
  ...{ name, seconds: 0.01 },
  measure: measure ?? (() => Promise.resolve({ figures: [{ what: 'x', value: 1, unit: 'ms' }] })),
});

async function run(parts: readonly Part<string>[], results = NONE, deadline = performance.now() + HOUR) {
  const kept: Results[] = [];
  const tool = vi.fn((anew: boolean) => Promise.resolve(anew ? 'another' : 'first'));
  const keep = (now: Results) => Promise.resolve(void kept.push(now));
  const all = await runParts(parts, { tool, results, deadline, keep });
  return { all, kept, tool, states: all.parts.map(({ name, state }) => `${name} ${state}`) };
}

it('a part that fails or is missing leaves the others alone, and the one after a failure gets another tool', async () => {
  const tools: string[] = [];
  const { states, kept, all } = await run([
    part('a'),
    part('b', () => Promise.reject(new Error('no adapter'))),
    { ...part('c'), missing: 'There is no data.' },
    part('d', (tool) => Promise.resolve({ figures: [], note: String(tools.push(tool)) })),
  ]);
  expect(states).toEqual(['a done', 'b failed', 'c skipped', 'd done']);
  expect(kept.map(({ parts }) => parts.length)).toEqual([1, 2, 3, 4]);
  expect(tools).toEqual(['another']);
  expect(describeResults(all)).toContain('b: failed. no adapter');
  expect(describeResults(all)).toContain('2 parts measured, 1 skipped, 1 failed.');
});

it('what is done is not measured again; what failed or was skipped is', async () => {
  const [again, never] = [vi.fn(part('b').measure), vi.fn(part('a').measure)];
  const before: Results = {
    ...NONE,
    parts: [
      { name: 'a', seconds: 1, state: 'done', figures: [] },
      { name: 'b', seconds: 1, state: 'skipped', why: 'There is no time left for it.' },
    ],
  };
  const { states } = await run([part('a', never), part('b', again)], before);
  expect(states).toEqual(['a done', 'b done']);
  expect(never).not.toHaveBeenCalled();
  expect(again).toHaveBeenCalledOnce();
});

it('keeps to its time: a part that hangs is given up, and one for which too little is left is not begun', async () => {
  const hangs = part('hangs', () => new Promise(() => undefined));
  const { states, all } = await run(
    [hangs, { ...part('long'), seconds: 60 }, part('short')],
    NONE,
    performance.now() + 2_000,
  );
  expect(states).toEqual(['hangs failed', 'long skipped', 'short done']);
  expect(describeResults(all)).toContain('hangs: failed. It was given up after 0 seconds.');
});

it('goes on with the file of the same conditions only', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'masklet-')), 'gpu.json');
  expect(await readResults(file, CONDITIONS)).toEqual(NONE);
  const { all } = await run([part('a')]);
  await writeResults(file, all);
  expect(await readResults(file, { frames: 3, device: 'a GPU' })).toEqual(all);
  await expect(readResults(file, { ...CONDITIONS, device: 'another' })).rejects.toThrow('name another file');
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 40));
  await expect(readResults(file, CONDITIONS)).rejects.toThrow('name another file');
});
