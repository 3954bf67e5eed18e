import { expect } from '@playwright/test';
import { encodeRle, rleIou } from '../../src/core/rle.ts';
import { readPng } from '../../src/core/testing/readPng.ts';
import { disc } from '../disc.ts';
import type { OtherApp } from './otherApp.ts';

/**
 * Opens a clip of 24 frames, clicks the disc on its first frame, tracks it, exports it, and judges every mask of the ZIP. Returns the
 * frames whose mask is not the disc.
 */
export async function doWholeJob(
  app: OtherApp,
  unzip: () => Promise<Record<string, Uint8Array>>,
): Promise<number[]> {
  await app.openFile('tiny.mp4');
  await app.ready();
  await app.clickAt(60 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  await app.ready();
  await app.clickButton('Track');
  await app.hasMask(1, 23, 'tracked');
  await app.ready();
  await app.clickButton('Export');
  // Until then the dialog grows.
  await app.shows('First files');
  await app.clickButton('Save');
  const files = await unzip();
  return Array.from({ length: 24 }, (_, frame) => frame).filter((frame) => {
    const png = files[`masks/${String(frame).padStart(5, '0')}.png`];
    const { pixels, width, height } = readPng(png ?? new Uint8Array());
    return rleIou(encodeRle(pixels, { width, height }), disc(frame)) < 0.9;
  });
}

/** Opens files that cannot be read: each gets a sentence, and what was open stays. */
export async function openBadFiles(app: OtherApp): Promise<void> {
  const before = await app.state();
  for (const [name, sentence] of [
    ['not-media.txt', '“not-media.txt” is not a video or an image'],
    ['truncated.mp4', '“truncated.mp4” is damaged or incomplete: its index is missing'],
    ['damaged.png', '“damaged.png” is damaged or incomplete: its picture cannot be decoded'],
    ['huge.mp4', '“huge.mp4” is 16384 × 9216 pixels'],
  ] as const) {
    await app.openFile(name);
    await expect.poll(() => app.alerts()).toContain(sentence);
  }
  const { frameCount, objects } = await app.state();
  expect({ frameCount, objects }).toEqual({ frameCount: before.frameCount, objects: before.objects });
}
