import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { toCocoRle } from '../../src/core/cocoRle.ts';
import { encodeRle, rleArea } from '../../src/core/rle.ts';
import { paletteColor } from '../../src/formats/facts.ts';
import type { WriteOptions } from '../../src/formats/format.ts';
import type { FormatId } from '../../src/formats/formatFacts.ts';
import { FORMATS } from '../../src/formats/formats.ts';
import type { FrameMasks, MaskedClip, ObjectMask } from '../../src/core/maskedClip.ts';
import { frameName, uniqueNames } from '../../src/formats/names.ts';
import { Report } from '../../src/formats/report.ts';
import { writeFolder } from './nodeFiles.ts';
import { findPython } from './pythonReaders.ts';

const FRAMES = 12;
const SIZE = { width: 61, height: 47 };

const OBJECTS = [
  { id: 1, name: 'taxi', category: 'car' },
  { id: 2, name: 'duck', category: 'bird' },
  { id: 3, name: 'duck', category: 'bird' },
  { id: 4, name: 'walker', category: 'pedestrian' },
].map((object) => ({ ...object, color: paletteColor(object.id), reviewed: [{ first: 2, last: 5 }] }));

/** Discs that move over each other; one leaves, one comes late, and one has a second part. */
function maskAt(id: number, frame: number): ObjectMask | undefined {
  if ((id === 2 && frame > 8) || (id === 4 && frame < 3)) return undefined;
  const isInside = (x: number, y: number) => {
    const [cx, cy, radius] = [12 + id * 8 + frame, 14 + id * 4, 6 + id];
    const isSecondPart = id === 3 && x < 6 && y > 40;
    return Math.hypot(x - cx, y - cy) < radius || isSecondPart;
  };
  const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) =>
    isInside(i % SIZE.width, Math.floor(i / SIZE.width)) ? 1 : 0,
  );
  return { mask: encodeRle(pixels, SIZE), score: 0.9 };
}

const masks = Array.from(
  { length: FRAMES },
  (_, frame) =>
    new Map(
      OBJECTS.flatMap(({ id }) => {
        const mask = maskAt(id, frame);
        return mask && rleArea(mask.mask) > 0 ? [[id, mask] as const] : [];
      }),
    ),
);

const clip: MaskedClip = {
  ...{ name: 'swan', ...SIZE, frameCount: FRAMES, fps: 25, objects: OBJECTS },
  frames: masks.map((_, number) => ({
    number,
    name: frameName(number, FRAMES),
    time: number / 25,
    duration: 0.04,
  })),
  async *frameMasks(): AsyncGenerator<FrameMasks, void, undefined> {
    for (const [at, each] of masks.entries()) yield { at, masks: each };
  },
  pixels: (at) => {
    const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
    for (let i = 0; i < data.length; i += 4) data.set([200, at, 50, 255], i);
    return Promise.resolve({ ...SIZE, data });
  },
};

interface Written {
  readonly folder: string;
  readonly id: FormatId;
  readonly options?: WriteOptions;
}

const WRITTEN: readonly Written[] = [
  ...(Object.keys(FORMATS) as FormatId[]).map((id) => ({ folder: id, id })),
  { folder: 'coco-polygons', id: 'coco', options: { polygons: true } },
  { folder: 'cvat-polygons', id: 'cvat', options: { polygons: true } },
];

const python = await findPython();

/** Whether programs that others wrote read what we write. `npm run check:formats` installs them and runs this. */
it.skipIf(python === undefined)('others read what is written', { timeout: 300_000 }, async () => {
  const root = await mkdtemp(join(tmpdir(), 'masklet-readers-'));
  try {
    for (const { folder, id, options } of WRITTEN) {
      await writeFolder(join(root, folder), FORMATS[id].write(clip, options ?? {}, new Report()));
    }
    const safe = uniqueNames(OBJECTS.map(({ name }) => name));
    await writeFile(
      join(root, 'expected.json'),
      JSON.stringify({
        ...SIZE,
        frames: clip.frames.map(({ name }) => name),
        objects: OBJECTS.map((object, i) => ({ ...object, safe: safe[i] })),
        masks: masks.map((each) =>
          Object.fromEntries(Array.from(each, ([id, { mask }]) => [String(id), toCocoRle(mask)])),
        ),
      }),
    );
    const script = join(import.meta.dirname, 'python/readers.py');
    const { stdout } = await promisify(execFile)(python!, [script, root], { maxBuffer: 2 ** 24 });
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; result: string; why?: string });
    for (const { check, result, why } of results) console.log(`${check}: ${result}${why ? `: ${why}` : ''}`);
    expect(results.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(results.filter(({ result }) => result === 'passed').length).toBeGreaterThan(0);
  } finally {
    await rm(root, { recursive: true });
  }
});
