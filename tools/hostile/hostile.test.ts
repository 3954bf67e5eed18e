import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withOneChunk } from '../fixtures/bytes.mjs';
import { readApart, runHostile } from './hostileRun.ts';
import { mutateBytes } from './mutate.ts';
import { randomFrom } from './random.ts';
import { READERS } from './readers.ts';

/** `npm run hostile` tries more, with another seed each time. */
const SEED = 28;
const COUNTS: Readonly<Record<string, number>> = {
  media: 500,
  manifest: 2000,
  prompts: 2000,
  png: 350,
  project: 150,
};

it.each(Object.keys(READERS))('the reader of %s reads or refuses whatever it gets', async (reader) => {
  const count = COUNTS[reader] ?? 0;
  const { read, refused, faults } = await runHostile(reader, SEED, Array(count).keys());
  expect(faults.map((fault) => `case ${fault.case}: ${fault.what}`)).toEqual([]);
  expect(read + refused).toBe(count);
  expect(refused).toBeGreaterThan(0);
});

it('a clip whose one chunk holds 200,000 samples is listed in time', async () => {
  const file = withOneChunk(await readFile('e2e/fixtures/tiny.mov'), 200_000);
  expect(await readApart('media', file)).toBe('read');
});

it('a changed file is the same for the same seed, and another for another', () => {
  const file = Buffer.alloc(1000, 'masklet');
  const changed = (seed: number) => mutateBytes(file, randomFrom(seed)).toString('base64');
  expect(changed(1)).toBe(changed(1));
  expect(changed(1)).not.toBe(changed(2));
  expect(changed(1)).not.toBe(file.toString('base64'));
});
