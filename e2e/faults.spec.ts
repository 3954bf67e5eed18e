import { expect } from '@playwright/test';
import { App, test } from './app.ts';

/** In milliseconds: a worker that hangs is ended after 30 seconds. */
const HUNG = 120_000;

test('workers that hang while they save and export are ended with a sentence; work is kept, and all goes on', async ({
  page,
}) => {
  const app = new App(page);
  await app.openDisc();
  await app.isSaved('saved', HUNG);

  await app.hang('project');
  await app.goToFrame(2);
  await app.clickAt(68 / 320, 110 / 180);
  await app.hasMask(1, 2, 'prompted');
  await app.isSaved('saving', HUNG);

  await app.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toContainText('First files');
  await app.hang('export');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toContainText('A background worker stopped: it did not answer any more', {
    timeout: 90_000,
  });

  await app.isSaved('saved', HUNG);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await download;
  const before = (await app.state()).objects;
  expect(Object.keys(before[0]?.frames ?? {})).toEqual(['0', '2']);
  await page.reload();
  await app.ready();
  expect((await app.state()).objects).toEqual(before);
});

test('a tab that is hidden and frozen in the middle of a run goes on where it was; meanwhile the machine is kept awake', async ({
  page,
  context,
}) => {
  // What the browser grants, which Chromium without a window may refuse.
  await page.addInitScript(() => {
    Object.assign(window, { awake: 0 });
    navigator.wakeLock.request = () => {
      (window as unknown as { awake: number }).awake++;
      const lock = Object.assign(new EventTarget(), {
        released: false,
        release: () => {
          if (!lock.released) (window as unknown as { awake: number }).awake--;
          lock.released = true;
          return Promise.resolve();
        },
      });
      return Promise.resolve(lock as unknown as WakeLockSentinel);
    };
  });
  const awake = () => page.evaluate(() => (window as unknown as { awake: number }).awake);
  const app = new App(page);
  await app.goto();
  await app.openSample();
  await app.clickAt(0.5, 0.5);
  await app.hasMask(1, 0, 'prompted');
  await app.ready();
  expect(await awake()).toBe(0);
  await app.button('Track').click();
  await app.hasMask(1, 1, 'tracked');
  await expect.poll(awake).toBe(1);

  const session = await context.newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  const done = Object.keys((await app.state()).objects[0]?.frames ?? {}).length;
  await app.hasMask(1, done + 3, 'tracked');
  await app.button('Stop').click();
  await app.ready();
  await expect.poll(awake).toBe(0);
  await app.isSaved('saved', HUNG);
});

test('a worker that dies in the middle of an export costs that export only; a clock that is set back costs nothing', async ({
  page,
}) => {
  const app = new App(page);
  await app.openDisc(60 / 320);
  await app.isSaved('saved', HUNG);

  await app.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toContainText('First files');
  const worker = page.workers().findLast((each) => each.url().includes('/export.worker'));
  // It dies as soon as it has something to tell.
  await worker!.evaluate(() => {
    MessagePort.prototype.postMessage = () => self.close();
  });
  const save = dialog.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await expect(dialog).toContainText('A background worker stopped: it died');
  const download = page.waitForEvent('download');
  await save.click();
  await download;
  await page.keyboard.press('Escape');

  await page.clock.setSystemTime('2001-01-02');
  expect(await page.evaluate(() => new Date().getFullYear())).toBe(2001);
  await app.goToFrame(2);
  await app.clickAt(68 / 320, 110 / 180);
  await app.hasMask(1, 2, 'prompted');
  await app.isSaved('saved', HUNG);
  const { objects } = await app.state();
  await page.reload();
  await app.ready();
  expect((await app.state()).objects).toEqual(objects);
});
