import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { DAVIS_PALETTE } from '../src/core/palette.ts';
import { fromCocoRle, type CocoRle } from '../src/core/cocoRle.ts';
import { rleArea, rleIou } from '../src/core/rle.ts';
import { readPng } from '../src/core/testing/readPng.ts';
import { App, REAL, test } from './app.ts';
import { disc } from './disc.ts';

async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The rabbit on frame 40 of the sample, checked by eye; made by tools/fixtures/rabbit.ts, as the next one. */
const RABBIT = await fixture<CocoRle>('rabbit-frame-40');
/** What the tracker gives in Node from the click below, by frame. */
const TRACKED_IN_NODE = await fixture<Record<number, CocoRle>>('rabbit-tracked');

test('the main job on the sample: click, track, export', REAL, async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openSample();
  await app.goToFrame(40);

  await app.clickAt(0.3, 0.62);
  await app.hasMask(1, 40, 'prompted');
  const clicked = await app.mask(1, 40);
  expect(clicked).not.toBeNull();
  expect(rleIou(fromCocoRle(clicked!), fromCocoRle(RABBIT))).toBeGreaterThan(0.9);

  await app.button('Track').click();
  await app.hasMask(1, 45, 'tracked');
  await app.button('Stop').click();
  await app.ready();
  for (let frame = 41; frame <= 45; frame++) {
    const mask = fromCocoRle((await app.mask(1, frame))!);
    expect(rleIou(mask, fromCocoRle(TRACKED_IN_NODE[frame]!)), `frame ${frame}`).toBeGreaterThan(0.99);
  }

  const files = await app.exportFiles({ binary: true });
  const idMaps = Object.keys(files).filter((name) => name.startsWith('masks/'));
  expect(idMaps).toHaveLength(132);

  const exported = readPng(files['masks/00040.png']!);
  expect([exported.width, exported.height, exported.kind]).toEqual([1280, 720, 'indexed']);
  expect([...exported.palette!.subarray(0, 12)]).toEqual([...DAVIS_PALETTE.subarray(0, 12)]);
  expect(exported.pixels.filter((value) => value === 1)).toHaveLength(rleArea(fromCocoRle(clicked!)));
  expect(exported.pixels[446 * 1280 + 384]).toBe(1);
  expect(readPng(files['masks/00000.png']!).pixels.every((value) => value === 0)).toBe(true);

  const binary = Object.keys(files).filter((name) => /^binary\/[^/]+\/00040\.png$/.test(name));
  expect(binary).toHaveLength(1);
  const mask = readPng(files[binary[0]!]!);
  expect(mask.kind).toBe('gray');
  expect(new Set(mask.pixels)).toEqual(new Set([0, 255]));
});

test('the main job on a dropped video', REAL, async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.dropFile('e2e/fixtures/tiny.mp4', 'video/mp4');
  await app.ready();
  await app.goToFrame(5);
  await app.clickAt(80 / 320, 110 / 180);
  await app.hasMask(1, 5, 'prompted');
  expect(rleIou(fromCocoRle((await app.mask(1, 5))!), disc(5))).toBeGreaterThan(0.9);

  await app.button('Track').click();
  await app.hasMask(1, 10, 'tracked');
  await app.button('Stop').click();
  await app.ready();
  for (let frame = 6; frame <= 10; frame++) {
    expect(rleIou(fromCocoRle((await app.mask(1, frame))!), disc(frame)), `frame ${frame}`).toBeGreaterThan(
      0.9,
    );
  }

  const files = await app.exportFiles();
  expect(Object.keys(files).filter((name) => name.endsWith('.png'))).toHaveLength(24);
  const { width, height, kind, pixels } = readPng(files['masks/00010.png']!);
  expect([width, height, kind]).toEqual([320, 180, 'indexed']);
  expect(pixels[110 * 320 + 100]).toBe(1);
});

test('the main job on an image, a clip of one frame', REAL, async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openFile('e2e/fixtures/image.png');
  await app.ready();
  expect((await app.state()).frameCount).toBe(1);
  await expect(page.getByRole('slider', { name: 'Frame' })).toBeHidden();
  await app.clickAt(80 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  expect(rleIou(fromCocoRle((await app.mask(1, 0))!), disc(5))).toBeGreaterThan(0.9);

  const files = await app.exportFiles();
  expect(Object.keys(files).filter((name) => name.endsWith('.png'))).toEqual(['masks/00000.png']);
  expect(readPng(files['masks/00000.png']!).pixels[110 * 320 + 80]).toBe(1);
});
