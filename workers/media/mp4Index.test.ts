import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasAbsurdIndex } from './mp4Index.ts';

const fixture = (name: string) => readFileSync(new URL(`../../e2e/fixtures/${name}`, import.meta.url));

/** tiny.mp4 with one 32-bit number of a table replaced. */
function spoilt(table: string, offset: number, value: number): Blob {
  const file = Buffer.from(fixture('tiny.mp4'));
  file.writeUInt32BE(value, file.indexOf(table, 0, 'latin1') + 4 + offset);
  return new Blob([file]);
}

describe('hasAbsurdIndex', () => {
  it.each([
    'tiny.mp4',
    'tiny.mov',
    'fragmented.mp4',
    'zero-frames.mp4',
    'truncated.mp4',
    'cut.mp4',
    'tiny.webm',
    'random.mp4',
  ])('finds nothing wrong with the index of %s', async (name) => {
    expect(await hasAbsurdIndex(new Blob([fixture(name)]))).toBe(false);
  });

  it.each([
    ['stts', 8],
    ['ctts', 8],
    ['ctts', 16],
    ['stsc', 12],
  ])('finds a damaged count in %s', async (table, offset) => {
    expect(await hasAbsurdIndex(spoilt(table, offset, 0xd6000001))).toBe(true);
  });

  it('stays calm about a box that claims to be longer than the file', async () => {
    const file = Buffer.from(fixture('tiny.mp4'));
    file.writeUInt32BE(0xfffffff0, file.indexOf('stbl', 0, 'latin1') - 4);
    expect(await hasAbsurdIndex(new Blob([file]))).toBe(false);
    expect(await hasAbsurdIndex(new Blob([file.subarray(0, 40)]))).toBe(false);
  });
});
