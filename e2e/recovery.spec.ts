import { expect } from '@playwright/test';
import { App, test } from './app.ts';

test('a worker that dies is started again, and the work is kept', async ({ page }) => {
  const app = new App(page);
  await app.openDisc();
  await app.ready();
  const before = await app.mask(1, 0);

  await app.button('Track').click();
  await app.hasMask(1, 1, 'tracked');
  const segmenter = page.workers().find((worker) => worker.url().includes('segmenter'));
  const died = new Promise((resolve) => segmenter!.once('close', resolve));
  await segmenter!.evaluate(() => self.close());
  await died;

  await expect(app.alert).toContainText('worker stopped');
  await app.ready();
  expect(await app.mask(1, 0)).toEqual(before);
  const { objects } = await app.state();
  expect(objects[0]!.frames[1]!.status).toBe('tracked');

  await app.goToFrame(2);
  await app.clickAt(68 / 320, 110 / 180);
  await app.hasMask(1, 2, 'prompted');
});

test('a model that is stuck is restarted by hand in the middle of a run, and the work is kept', async ({
  page,
}) => {
  const app = new App(page);
  await app.openDisc();
  await app.ready();
  const before = await app.mask(1, 0);
  await app.hang('segmenter');
  await app.button('Track').click();
  await expect(app.button('Stop').first()).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Restart the model');
  await page.keyboard.press('Enter');

  await expect(app.notice).toContainText('The model is being started again. Your work is kept.');
  await app.ready();
  expect(await app.mask(1, 0)).toEqual(before);
  await app.button('Go on tracking').click();
  await app.hasMask(1, 1, 'tracked');
});
