import { expect } from '@playwright/test';
import { testOf } from './fixtures.ts';
import { doWholeJob, openBadFiles } from './job.ts';
import { trackRabbit } from './rabbit.ts';
import { startWebKit } from './webkit.ts';

const test = testOf(startWebKit);

test.skip(({ program }) => program === undefined, 'There is no WebKit.');

test('files that cannot be read; a whole job from memory, which the page says', async ({
  app,
  downloads,
}) => {
  expect(await app.browser.evaluate('crossOriginIsolated')).toBe(true);
  expect(await app.browser.evaluate('typeof navigator.storage?.getDirectory')).toBe('undefined');
  await openBadFiles(app);
  // On a busy machine, WebKitGTK sometimes overwrites a decoded frame with a later one before the page has read it.
  const missed = await doWholeJob(app, () => downloads.unzip());
  expect(missed.length, `not the disc: frames ${missed.join(', ')}`).toBeLessThanOrEqual(8);
  expect(await app.alerts()).toContain('Your work lasts as long as this tab');
  expect((await app.state()).project).toMatchObject({ id: null, saved: 'off' });
});

test.describe('with the real model', () => {
  test.use({ isPainted: false });

  test('the rabbit is masked and followed as in Node', async ({ app }) => {
    await trackRabbit(app);
  });
});
