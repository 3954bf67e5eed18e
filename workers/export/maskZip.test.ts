import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DAVIS_PALETTE } from '../../src/core/palette.ts';
import type { ExportObject, MaskZipRequest } from '../../src/core/protocol/exporter.ts';
import { decodeRle, encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { readPng } from '../../src/core/testing/readPng.ts';
import { maskZip } from './maskZip.ts';

// Not square, odd, and no multiple of anything: a swap of rows and columns shows.
const size = { width: 7, height: 5 };

/** A mask of the columns from `first` to `last`. */
function columns(first: number, last: number): MaskRle {
  const pixels = Uint8Array.from({ length: size.width * size.height }, (_, i) => {
    const x = i % size.width;
    return x >= first && x <= last ? 1 : 0;
  });
  return encodeRle(pixels, size);
}

const object = (objectId: number, name: string, masks: [number, MaskRle][]): ExportObject => ({
  objectId,
  name,
  masks: new Map(masks),
});

const request = (objects: ExportObject[], options: Partial<MaskZipRequest> = {}): MaskZipRequest => ({
  ...size,
  frameCount: 3,
  frames: Array.from({ length: options.frameCount ?? 3 }, (_, frame) => frame),
  objects,
  binary: false,
  ...options,
});

async function unzip(zip: AsyncIterable<Uint8Array>): Promise<Record<string, Uint8Array>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip) chunks.push(chunk);
  return unzipSync(Buffer.concat(chunks));
}

const row = (files: Record<string, Uint8Array>, name: string, y = 2) =>
  Array.from(readPng(files[name]!).pixels.subarray(y * size.width, (y + 1) * size.width));

/** Masks of noise, so that a PNG is several kilobytes. */
function noisy(width: number, height: number): MaskRle {
  let state = 7;
  const pixels = Uint8Array.from({ length: width * height }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 16) & 1;
  });
  return encodeRle(pixels, { width, height });
}

describe('maskZip', () => {
  it('has an ID map for every frame, also those without a mask', async () => {
    const files = await unzip(maskZip(request([object(4, 'swan', [[1, columns(2, 3)]])])));
    expect(Object.keys(files)).toEqual([
      'objects.json',
      'masks/00000.png',
      'masks/00001.png',
      'masks/00002.png',
    ]);
    for (const name of Object.keys(files).slice(1)) {
      const png = readPng(files[name]!);
      expect(png).toMatchObject({ ...size, kind: 'indexed' });
      expect(Buffer.from(png.palette!)).toEqual(Buffer.from(DAVIS_PALETTE));
    }
    expect(row(files, 'masks/00000.png')).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(row(files, 'masks/00001.png')).toEqual([0, 0, 4, 4, 0, 0, 0]);
    expect(row(files, 'masks/00002.png')).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('says which frames were reviewed', async () => {
    const reviewed = [{ first: 1, last: 2 }];
    const objects = [{ ...object(1, 'swan', []), reviewed }, object(2, 'goose', [])];
    const files = await unzip(maskZip(request(objects)));
    const about = JSON.parse(Buffer.from(files['objects.json']!).toString()) as { objects: unknown[] };
    expect(about.objects[0]).toMatchObject({ reviewed: [[1, 2]] });
    expect(about.objects[1]).not.toHaveProperty('reviewed');
  });

  it('has the frames that were asked for, by their numbers in the clip', async () => {
    const masks: [number, MaskRle][] = [
      [1, columns(2, 3)],
      [2, columns(0, 0)],
    ];
    const objects = [object(1, 'swan', masks)];
    const files = await unzip(maskZip(request(objects, { frames: [2], binary: true })));
    expect(Object.keys(files)).toEqual(['objects.json', 'masks/00002.png', 'binary/1-swan/00002.png']);
    expect(row(files, 'masks/00002.png')).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(JSON.parse(Buffer.from(files['objects.json']!).toString())).toMatchObject({ frames: [2] });
    await expect(maskZip(request(objects, { frames: [3] })).next()).rejects.toThrow('no frame 3');
  });

  it('gives overlaps to the object that comes later', async () => {
    const back = object(9, 'back', [[0, columns(0, 4)]]);
    const front = object(2, 'front', [[0, columns(3, 6)]]);
    const files = await unzip(maskZip(request([back, front], { frameCount: 1 })));
    expect(row(files, 'masks/00000.png')).toEqual([9, 9, 9, 2, 2, 2, 2]);
  });

  it('adds whole black and white masks, whatever lies over them', async () => {
    const back = object(1, 'back', [[0, columns(0, 4)]]);
    const front = object(2, 'front', [[0, columns(3, 6)]]);
    const files = await unzip(maskZip(request([back, front], { frameCount: 2, binary: true })));
    expect(Object.keys(files).sort()).toEqual([
      'binary/1-back/00000.png',
      'binary/1-back/00001.png',
      'binary/2-front/00000.png',
      'binary/2-front/00001.png',
      'masks/00000.png',
      'masks/00001.png',
      'objects.json',
    ]);
    expect(readPng(files['binary/1-back/00000.png']!)).toMatchObject({ ...size, kind: 'gray' });
    expect(row(files, 'binary/1-back/00000.png')).toEqual([255, 255, 255, 255, 255, 0, 0]);
    expect(row(files, 'binary/2-front/00000.png')).toEqual([0, 0, 0, 255, 255, 255, 255]);
    expect(row(files, 'binary/2-front/00001.png')).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('says in objects.json what the values mean', async () => {
    const files = await unzip(
      maskZip(request([object(1, 'swan/1', []), object(2, '', [])], { binary: true })),
    );
    expect(JSON.parse(Buffer.from(files['objects.json']!).toString())).toEqual({
      ...size,
      frameCount: 3,
      frames: [0, 1, 2],
      background: 0,
      overlap: expect.stringContaining('later') as string,
      objects: [
        { id: 1, name: 'swan/1', color: [128, 0, 0], folder: 'binary/1-swan-1' },
        { id: 2, name: '', color: [0, 128, 0], folder: 'binary/2-object' },
      ],
    });
  });

  it('keeps pictures whole that are larger than a chunk', async () => {
    const big = { width: 1031, height: 601 };
    const mask = noisy(big.width, big.height);
    const files = await unzip(maskZip(request([object(1, 'x', [[0, mask]])], { ...big, frameCount: 1 })));
    expect(files['masks/00000.png']!.length).toBeGreaterThan(65_536);
    expect(Buffer.from(readPng(files['masks/00000.png']!).pixels).equals(decodeRle(mask))).toBe(true);
  });

  it('keeps two objects of one name apart', async () => {
    const objects = [object(1, 'duck', [[0, columns(0, 0)]]), object(2, 'duck', [[0, columns(6, 6)]])];
    const files = await unzip(maskZip(request(objects, { frameCount: 1, binary: true })));
    expect(row(files, 'binary/1-duck/00000.png')).toEqual([255, 0, 0, 0, 0, 0, 0]);
    expect(row(files, 'binary/2-duck/00000.png')).toEqual([0, 0, 0, 0, 0, 0, 255]);
  });

  it('exports a clip without objects as background', async () => {
    const files = await unzip(maskZip(request([], { frameCount: 2 })));
    expect(Object.keys(files)).toHaveLength(3);
    expect(readPng(files['masks/00001.png']!).pixels).toEqual(new Uint8Array(35));
  });

  it.each([
    ['an id of 0', [object(0, 'a', [])]],
    ['an id of 256', [object(256, 'a', [])]],
    ['one id twice', [object(1, 'a', []), object(1, 'b', [])]],
    [
      'a mask of another size',
      [object(1, 'a', [[0, encodeRle(new Uint8Array(6), { width: 2, height: 3 })]])],
    ],
  ])('refuses %s before the first byte', async (_what, objects) => {
    await expect(maskZip(request(objects)).next()).rejects.toThrow(RangeError);
  });
});

describe('maskZip of a long clip', () => {
  const frameCount = 300;
  const big = { width: 256, height: 256 };

  /** A request that tells which frame was read last. Every frame has the same big mask. */
  function longClip() {
    const mask = noisy(big.width, big.height);
    const read = { last: -1 };
    const masks = new Map<number, MaskRle>([[0, mask]]);
    masks.get = (frame) => {
      read.last = Math.max(read.last, frame);
      return mask;
    };
    return {
      read,
      request: {
        ...{ ...big, frameCount, binary: false, frames: Array.from({ length: frameCount }, (_, i) => i) },
        objects: [{ objectId: 1, name: 'x', masks }],
      },
    };
  }

  it('makes each frame only when its bytes are asked for', async () => {
    const { read, request } = longClip();
    const progress: { bytes: number; last: number }[] = [];
    let bytes = 0;
    for await (const chunk of maskZip(request)) {
      bytes += chunk.length;
      progress.push({ bytes, last: read.last });
    }
    expect(read.last).toBe(frameCount - 1);
    const frameBytes = bytes / frameCount;
    expect(frameBytes).toBeGreaterThan(5000);
    const ahead = progress.map(({ bytes, last }) => last - bytes / frameBytes);
    expect(Math.max(...ahead)).toBeLessThan(4);
  }, 60_000);

  it('makes nothing before the first read', async () => {
    const { read, request } = longClip();
    const zip = maskZip(request);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read.last).toBe(-1);
    await zip.return();
  });

  it('stops making frames when the reader leaves', async () => {
    const { read, request } = longClip();
    for await (const chunk of maskZip(request)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const { last } = read;
    expect(last).toBeLessThan(15);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(read.last).toBe(last);
  });

  it('throws `aborted` when cancelled midway, and makes no more', async () => {
    const { read, request } = longClip();
    const abort = new AbortController();
    const zip = maskZip(request, abort.signal);
    await zip.next();
    abort.abort();
    await expect(zip.next()).rejects.toMatchObject({ code: 'aborted' });
    const { last } = read;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(read.last).toBe(last);
    expect(last).toBeLessThan(15);
  });
});
