import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { fromCocoRle, rleIou, type CocoRle } from '../../src/core/rle.ts';
import { startFirefox } from './firefox.ts';
import { testOf } from './fixtures.ts';
import { doWholeJob, openBadFiles } from './job.ts';

/** A fixture of e2e/fixtures. */
async function rle<Content = CocoRle>(name: string): Promise<Content> {
  return JSON.parse(await readFile(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as Content;
}

const test = testOf(startFirefox);

test.skip(({ program }) => program === undefined, 'There is no Firefox.');

test('a whole job; files that cannot be read; what a reload brings back', async ({ app, downloads }) => {
  const { browser } = app;
  expect(await browser.evaluate('crossOriginIsolated')).toBe(true);
  await doWholeJob(app, () => downloads.unzip());
  await openBadFiles(app);

  await expect.poll(async () => (await app.state()).project.saved).toBe('saved');
  const { objects } = await app.state();
  const mask = await app.mask(1, 23);
  await browser.reload();
  await app.ready();
  expect((await app.state()).objects).toEqual(objects);
  expect(await app.mask(1, 23)).toEqual(mask);
});

test.describe('with the real model', () => {
  test.use({ isPainted: false });

  test('the rabbit is masked and followed as in Node, and the page works without a network', async ({
    app,
    server,
  }) => {
    const { browser } = app;
    await app.clickButton('Try the sample');
    await app.ready();
    for (let frame = 0; frame < 40; frame++) await browser.press('ArrowRight');
    await app.ready();
    await app.clickAt(0.3, 0.62);
    await app.hasMask(1, 40, 'prompted');
    const iou = async (frame: number, expected: CocoRle) =>
      rleIou(fromCocoRle((await app.mask(1, frame))!), fromCocoRle(expected));
    expect(await iou(40, await rle('rabbit-frame-40'))).toBeGreaterThan(0.9);
    await app.clickButton('Track');
    await app.hasMask(1, 41, 'tracked');
    await app.clickButton('Stop');
    await app.ready();
    const tracked = await rle<Record<number, CocoRle>>('rabbit-tracked');
    expect(await iou(41, tracked[41]!)).toBeGreaterThan(0.99);

    await expect
      .poll(() => browser.evaluate('navigator.serviceWorker.controller?.state === "activated"'))
      .toBe(true);
    await expect.poll(async () => (await app.state()).project.saved).toBe('saved');
    await server.stop();
    await browser.reload();
    await app.ready();
    expect(await iou(41, tracked[41]!)).toBeGreaterThan(0.99);
  });
});
