import { expect, type Page } from '@playwright/test';
import { App, SOON, test } from './app.ts';
import { fixture } from './barCode.ts';

/** Has a worker compute for ever, as one that a damaged file leads round in circles. */
async function hang(page: Page, name: string): Promise<void> {
  const worker = page.workers().findLast((each) => each.url().includes(`/${name}.worker`));
  await worker!.evaluate(() => {
    setTimeout(() => {
      for (;;);
    });
  });
}

const saved = (app: App) =>
  expect.poll(async () => (await app.state()).project.saved, { ...SOON, timeout: 120_000 });

test('workers that hang while they save and export are ended with a sentence; work is kept, and all goes on', async ({
  page,
}) => {
  const app = new App(page);
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.clickAt(80 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  await saved(app).toBe('saved');

  await hang(page, 'project');
  await app.goToFrame(2);
  await app.clickAt(68 / 320, 110 / 180);
  await app.hasMask(1, 2, 'prompted');
  await saved(app).toBe('saving');

  await app.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toContainText('First files');
  await hang(page, 'export');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toContainText('A background worker stopped: it did not answer any more', {
    timeout: 90_000,
  });

  await saved(app).toBe('saved');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await download;
  const before = (await app.state()).objects;
  expect(Object.keys(before[0]?.frames ?? {})).toEqual(['0', '2']);
  await page.reload();
  await app.ready();
  expect((await app.state()).objects).toEqual(before);
});
