import { describe, expect, it } from 'vitest';
import type { MaskBatch } from '../../src/core/maskedClip.ts';
import type { MaskFiles } from '../../src/core/protocol/exporter.ts';
import { DAVIS_PALETTE } from '../../src/core/palette.ts';
import { encodeIndexedPng } from '../../src/core/png.ts';
import { decodeRle } from '../../src/core/rle.ts';
import { iteratePort, streamChannel } from '../../src/core/stream.ts';
import { zipBytes } from '../../src/formats/zip.ts';
import { ExportService } from './exporter.ts';

const size = { width: 3, height: 2 };
const png = async (...pixels: number[]) => encodeIndexedPng(Uint8Array.from(pixels), size, DAVIS_PALETTE);

const FILES = [
  { path: 'Annotations/swan/00003.png', bytes: await png(0, 1, 0, 0, 2, 0) },
  { path: 'Annotations/swan/00004.png', bytes: await png(0, 0, 1, 0, 0, 0) },
  { path: 'Annotations/swan/00005.png', bytes: Uint8Array.of(1, 2, 3) },
];

async function* entries() {
  yield* FILES;
}

async function zipped(): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of zipBytes(entries())) chunks.push(chunk);
  return new Blob(chunks);
}

const given: [what: string, files: MaskFiles['files']][] = [
  ['a folder', FILES.map(({ path, bytes }) => ({ path, file: new Blob([Uint8Array.from(bytes)]) }))],
  ['a ZIP', [{ path: 'swan.zip', file: await zipped() }]],
];

describe.each(given)('masks in %s', (_, files) => {
  it('are looked through, and what cannot be read is told', async () => {
    const found = await new ExportService().examine({ files, size });
    expect(found).toMatchObject({ format: 'davis', clip: { name: 'swan', ...size } });
    expect(found.clip.objects.map(({ id }) => id)).toEqual([1, 2]);
    expect(found.clip.frames.map(({ number }) => number)).toEqual([3, 4]);
    expect(found.left).toEqual({ count: 1, sentences: [expect.stringContaining('00005.png is not a PNG')] });
    expect(structuredClone(found)).toEqual(found);
  });

  it('come in batches', async () => {
    const [far, near] = streamChannel<MaskBatch>();
    const done = new ExportService().read({ files, size }, far);
    const batches: MaskBatch[] = [];
    for await (const batch of iteratePort(near)) batches.push(batch);
    await done;
    expect(batches).toHaveLength(1);
    const [first, second] = batches[0]!.frames;
    expect(Array.from(decodeRle(first!.masks.get(2)!.mask))).toEqual([0, 0, 0, 0, 1, 0]);
    expect(second).toMatchObject({ at: 1 });
  });
});

it('says what is wrong', async () => {
  const files = [{ path: 'a.json', file: new Blob(['{']) }];
  await expect(new ExportService().examine({ files, size })).rejects.toMatchObject({ code: 'mask-format' });
});
