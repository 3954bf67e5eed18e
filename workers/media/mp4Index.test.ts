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

  it('finds a constant size of samples with more samples than the file has bytes', async () => {
    const file = Buffer.from(fixture('tiny.mp4'));
    const at = file.indexOf('stsz', 0, 'latin1') + 4;
    file.writeUInt32BE(1000, at + 4);
    file.writeUInt32BE(0xd6000001, at + 8);
    file.writeUInt32BE(0xd6000001, file.indexOf('stts', 0, 'latin1') + 12);
    expect(await hasAbsurdIndex(new Blob([file]))).toBe(true);
  });

  it('finds a damaged count where the boxes behind it cannot be read', async () => {
    const file = Buffer.from(fixture('tiny.mp4'));
    const at = file.indexOf('ctts', 0, 'latin1') - 4;
    const after = at + file.readUInt32BE(at);
    file.writeUInt32BE(0x00ffffff, at + 16);
    file.writeUInt32BE(2, after);
    expect(await hasAbsurdIndex(new Blob([file]))).toBe(true);
  });

  it('finds tables with more entries than bytes', async () => {
    for (const table of ['stts', 'stsz', 'stsc', 'stco']) {
      const count = table === 'stsz' ? 8 : 4;
      expect(await hasAbsurdIndex(spoilt(table, count, 0x10000000)), table).toBe(true);
    }
  });

  it('finds runs of fragments with more samples than bytes', async () => {
    const file = Buffer.from(fixture('fragmented.mp4'));
    const at = file.indexOf('trun', 0, 'latin1') + 4;
    file.writeUInt32BE(0xd6000001, at + 4);
    expect(await hasAbsurdIndex(new Blob([file]))).toBe(true);
    // No sample has a field of its own: nothing but the size of the file holds the count.
    file.writeUInt32BE(0, at);
    expect(await hasAbsurdIndex(new Blob([file]))).toBe(true);
  });

  it('looks behind boxes that it does not know', async () => {
    const file = spoilt('stts', 8, 0xd6000001);
    const known = Buffer.from(await file.arrayBuffer());
    const start = known.readUInt32BE(0);
    const unknown = Buffer.from('\0\0\0\x0cabcd\0\0\0\0', 'latin1');
    const joined = Buffer.concat([known.subarray(0, start), unknown, known.subarray(start)]);
    expect(await hasAbsurdIndex(new Blob([joined]))).toBe(true);
  });

  it('refuses boxes that lie too deep in one another, and millions of them', async () => {
    const deep = Buffer.from(fixture('tiny.mp4')).subarray(0, 32);
    const nested = Buffer.alloc(8 * 10_000);
    for (let at = 0; at < nested.length; at += 8) {
      nested.writeUInt32BE(nested.length - at, at);
      nested.write(at === 0 ? 'moov' : 'mdia', at + 4, 'latin1');
    }
    expect(await hasAbsurdIndex(new Blob([deep.subarray(0, deep.readUInt32BE(0)), nested]))).toBe(true);
    const box = Buffer.from('\0\0\0\x08free', 'latin1');
    const many = new Blob([deep.subarray(0, deep.readUInt32BE(0)), Buffer.alloc(9_000_000, box)]);
    expect(await hasAbsurdIndex(many)).toBe(true);
  });

  it('stays calm about a box that claims to be longer than the file', async () => {
    const file = Buffer.from(fixture('tiny.mp4'));
    file.writeUInt32BE(0xfffffff0, file.indexOf('stbl', 0, 'latin1') - 4);
    expect(await hasAbsurdIndex(new Blob([file]))).toBe(false);
    expect(await hasAbsurdIndex(new Blob([file.subarray(0, 40)]))).toBe(false);
  });
});
