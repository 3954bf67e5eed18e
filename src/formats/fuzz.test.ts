import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../core/crc32.ts';
import { FormatError } from '../core/formatError.ts';
import { fromCocoRle, toCocoRle } from '../core/cocoRle.ts';
import { encodeRle, rleArea, type MaskRle } from '../core/rle.ts';
import { compressedRle } from './cocoParts.ts';
import { detectFormat } from './detect.ts';
import { paletteColor } from './facts.ts';
import type { ReadOptions, WriteOptions } from './format.ts';
import type { FormatId } from './formatFacts.ts';
import { FORMATS } from './formats.ts';
import { frameName } from './names.ts';
import { Report } from './report.ts';
import { inputFiles, streamed, written, type HeldClip } from './testing/clips.ts';
import { zipFiles } from './zip.ts';

const SEED = 26;
/** For each format; `npm test -- all` asks for 2,000. */
const MUTATIONS = Number(process.env.MASKLET_MUTATIONS ?? 400);

/** Numbers from 0 to 1, the same ones each time (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const size = { width: 9, height: 7 };

function clipOfTwo(): HeldClip {
  const random = randomNumbers(1);
  const noise = (share: number): MaskRle =>
    encodeRle(
      Uint8Array.from({ length: 63 }, () => (random() < share ? 1 : 0)),
      size,
    );
  return {
    ...{ name: 'swan', ...size, frameCount: 12, fps: 25 },
    frames: [0, 4].map((number) => ({ number, name: frameName(number, 12), time: number / 25 })),
    objects: [1, 2].map((id) => ({ id, name: `duck ${id}`, category: 'bird', color: paletteColor(id) })),
    masks: [0.3, 0.5].map((share) => new Map([1, 2].map((id) => [id, { mask: noise(share) }] as const))),
  };
}

/** Words that break what a program takes for granted. */
const NASTY = [
  '-1',
  '0',
  '1e9',
  '4294967296',
  '1e308',
  '0.5',
  'null',
  '[]',
  '{}',
  '""',
  'true',
  '99999',
  'NaN',
  '﻿',
];

function mutateText(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const pick = NASTY[Math.floor(random() * NASTY.length)]!;
  switch (Math.floor(random() * 6)) {
    case 0: {
      // Another value in place of a number, which is where sizes and counts stand.
      const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?/g)];
      const { index, 0: old } = numbers[Math.floor(random() * numbers.length)] ?? { index: 0, 0: '' };
      return text.slice(0, index) + pick + text.slice(index + old.length);
    }
    case 1:
      return text.slice(0, at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 20));
    case 3:
      return text.slice(0, at) + pick + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCharCode(32 + Math.floor(random() * 200)) + text.slice(at + 1);
    default: {
      const from = Math.floor(random() * text.length);
      return text.slice(0, at) + text.slice(from, from + 40) + text.slice(at);
    }
  }
}

function mutateBytes(bytes: Uint8Array, random: () => number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const isPng = bytes[0] === 0x89;
  if (isPng && bytes.length > 60 && random() < 0.7) return mutatePng(changed, random);
  if (random() < 0.2) return changed.subarray(0, Math.floor(random() * changed.length));
  for (let i = 0; i <= random() * 4; i++)
    changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
  return changed;
}

/** Changes what is in a chunk and puts its checksum right, so that the change is believed. */
function mutatePng(png: Uint8Array, random: () => number): Uint8Array {
  const view = new DataView(png.buffer);
  const chunks: number[] = [];
  for (let at = 8; at + 12 <= png.length; at += 12 + view.getUint32(at)) chunks.push(at);
  // The palette is of no interest.
  const interesting = chunks.filter((at) => String.fromCharCode(png[at + 4]!) !== 'P');
  const at = interesting[Math.floor(random() * interesting.length)]!;
  const length = view.getUint32(at);
  if (at + 12 + length > png.length) return png;
  if (length > 0) png[at + 8 + Math.floor(random() * length)] = Math.floor(random() * 256);
  view.setUint32(at + 8 + length, crc32(png.subarray(at + 4, at + 8 + length)));
  return png;
}

function mutate(files: ReadonlyMap<string, Uint8Array>, random: () => number): Map<string, Uint8Array> {
  const changed = new Map(files);
  const paths = [...files.keys()];
  for (let i = 0; i <= random() * 2; i++) {
    const path = paths[Math.floor(random() * paths.length)]!;
    const bytes = changed.get(path);
    if (bytes === undefined) continue;
    if (random() < 0.05) changed.delete(path);
    else if (/\.(?:json|xml|txt|yaml)$/.test(path)) {
      changed.set(path, new TextEncoder().encode(mutateText(new TextDecoder().decode(bytes), random)));
    } else changed.set(path, mutateBytes(bytes, random));
  }
  return changed;
}

function expectSound(mask: MaskRle, clip: { readonly width: number; readonly height: number }): void {
  const { width, height, counts } = mask;
  if (width !== clip.width || height !== clip.height) throw new Error(`A mask is ${width}×${height}.`);
  const total = counts.reduce((sum, run) => sum + run, 0);
  if (total !== width * height) throw new Error(`Runs add up to ${total}, not ${width * height}.`);
  if (counts.some((run, i) => run === 0 && i > 0)) throw new Error('A run of 0 is within a mask.');
}

/** Reads all of it. @returns whether anything could be read */
async function readAll(id: FormatId, files: Map<string, Uint8Array>, options: ReadOptions): Promise<boolean> {
  try {
    const inputs = inputFiles(files);
    await detectFormat(inputs).catch((thrown: unknown) => {
      if (!(thrown instanceof FormatError)) throw thrown;
    });
    const clip = await FORMATS[id].read(inputs, options, new Report());
    const ids = new Set(clip.objects.map((object) => object.id));
    if (ids.size < clip.objects.length) throw new Error('Two objects have one id.');
    if (clip.frames.some(({ number }, i) => number <= (clip.frames[i - 1]?.number ?? -1))) {
      throw new Error(`Frames are out of order: ${JSON.stringify(clip.frames)}.`);
    }
    let next = 0;
    for await (const { at, masks } of clip.frameMasks()) {
      if (at !== next++) throw new Error(`Frame ${at} came as number ${next - 1}.`);
      for (const [objectId, { mask }] of masks) {
        expectSound(mask, clip);
        if (rleArea(mask) > 0 && !ids.has(objectId)) throw new Error(`There is no object ${objectId}.`);
      }
    }
    if (next !== clip.frames.length) throw new Error(`${next} of ${clip.frames.length} frames came.`);
    return true;
  } catch (thrown) {
    if (thrown instanceof FormatError) return false;
    throw thrown;
  }
}

const CASES: readonly [what: string, id: FormatId, options: WriteOptions & ReadOptions][] = [
  ['PNG masks', 'png', { binary: true }],
  ['DAVIS', 'davis', {}],
  ['YouTube-VOS', 'youtube-vos', {}],
  ['YouTube-VIS', 'youtube-vis', {}],
  ['COCO', 'coco', {}],
  ['COCO with polygons', 'coco', { polygons: true }],
  ['MOTS, text', 'mots-txt', {}],
  ['MOTS, PNG', 'mots-png', {}],
  ['YOLO', 'yolo', {}],
  ['CVAT', 'cvat', {}],
  ['CVAT with polygons', 'cvat', { polygons: true }],
  ['LabelMe', 'labelme', {}],
  ['SA-V, JSON', 'sav', {}],
  ['SA-V, folders', 'sav-folders', {}],
  ['a matte of 16 bits', 'matte16', { together: true }],
];

describe('whatever is changed in a file, a reader gives sound masks or says what is wrong', () => {
  it.each(CASES)('%s', { timeout: 120_000 }, async (_, id, options) => {
    const files = await written(FORMATS[id].write, streamed(clipOfTwo()), options);
    const random = randomNumbers(SEED);
    let readable = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const changed = mutate(files, random);
      const isRead = await readAll(id, changed, options).catch((cause: unknown) => {
        throw new Error(`Mutation ${i}: ${String(cause)}`, { cause });
      });
      if (isRead) readable++;
    }
    // Both must happen, else nothing was tried.
    expect(readable).toBeGreaterThan(0);
    expect(readable).toBeLessThan(MUTATIONS);
  });

  it('a ZIP', { timeout: 120_000 }, async () => {
    const files = await written(FORMATS.davis.write, streamed(clipOfTwo()));
    const zip = zipSync(Object.fromEntries(files));
    const random = randomNumbers(SEED);
    for (let i = 0; i < MUTATIONS / 4; i++) {
      try {
        const found = await zipFiles(new Blob([Uint8Array.from(mutateBytes(zip, random))]), 'x.zip');
        for (const file of found) await file.bytes(2 ** 20);
      } catch (thrown) {
        if (!(thrown instanceof FormatError)) throw new Error(`Mutation ${i}`, { cause: thrown });
      }
    }
  });

  it('run lengths', () => {
    const random = randomNumbers(SEED);
    const mask = [...clipOfTwo().masks[0]!.values()][0]!.mask;
    for (const coco of [toCocoRle(mask), compressedRle(mask)]) {
      for (let i = 0; i < 3000; i++) {
        const text = mutateText(JSON.stringify(coco), random);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          continue;
        }
        try {
          const read = fromCocoRle(value);
          expectSound(read, read);
        } catch (thrown) {
          if (!(thrown instanceof FormatError)) throw new Error(text, { cause: thrown });
        }
      }
    }
  });
});
