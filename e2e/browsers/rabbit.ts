import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { fromCocoRle, type CocoRle } from '../../src/core/cocoRle.ts';
import { rleIou } from '../../src/core/rle.ts';
import type { OtherApp } from './otherApp.ts';

async function fixture<Content>(name: string): Promise<Content> {
  return JSON.parse(await readFile(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as Content;
}

async function expectMask(app: OtherApp, frame: number, expected: CocoRle, iou: number): Promise<void> {
  const mask = fromCocoRle((await app.mask(1, frame))!);
  expect(rleIou(mask, fromCocoRle(expected)), `frame ${frame}`).toBeGreaterThan(iou);
}

/** Opens the sample, clicks the rabbit on frame 40, and tracks it by one frame, with the real model. */
export async function trackRabbit(app: OtherApp): Promise<void> {
  await app.clickButton('Try the sample');
  await app.ready();
  for (let frame = 0; frame < 40; frame++) await app.browser.press('ArrowRight');
  await app.ready();
  await app.clickAt(0.3, 0.62);
  await app.hasMask(1, 40, 'prompted');
  await expectMask(app, 40, await fixture('rabbit-frame-40'), 0.9);
  await app.clickButton('Track');
  await app.hasMask(1, 41, 'tracked');
  await app.clickButton('Stop');
  await app.ready();
  await expectRabbitTracked(app);
}

/** On the frame behind the click, the mask is what the tracker gives in Node. */
export async function expectRabbitTracked(app: OtherApp): Promise<void> {
  const tracked = await fixture<Record<number, CocoRle>>('rabbit-tracked');
  await expectMask(app, 41, tracked[41]!, 0.99);
}
