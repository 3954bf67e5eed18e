import { expect } from '@playwright/test';
import { startFirefox } from './firefox.ts';
import { testOf } from './fixtures.ts';
import { doWholeJob, openBadFiles } from './job.ts';
import { expectRabbitTracked, trackRabbit } from './rabbit.ts';

const test = testOf(startFirefox);

test.skip(({ program }) => program === undefined, 'There is no Firefox.');

test('a whole job; files that cannot be read; what a reload brings back', async ({ app, downloads }) => {
  const { browser } = app;
  expect(await browser.evaluate('crossOriginIsolated')).toBe(true);
  expect(await doWholeJob(app, () => downloads.unzip())).toEqual([]);
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
    await trackRabbit(app);

    await expect
      .poll(() => browser.evaluate('navigator.serviceWorker.controller?.state === "activated"'))
      .toBe(true);
    await expect.poll(async () => (await app.state()).project.saved).toBe('saved');
    await server.stop();
    await browser.reload();
    await app.ready();
    await expectRabbitTracked(app);
  });
});
