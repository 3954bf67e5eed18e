import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { App, test } from './app.ts';
import { fixture } from './barCode.ts';

const hint = (page: Page) => page.getByRole('note', { name: 'Next step' });

test('a hint leads to Track; an export says what is in it and what is missing', async ({ page }) => {
  const app = new App(page);
  const dialog = page.getByRole('dialog', { name: 'Export' });
  const contents = dialog.getByTestId('export-contents');
  const save = async () => {
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    return Object.keys(unzipSync(await readFile(await (await download).path())));
  };
  await app.goto();

  await test.step('the start page has samples with pictures', async () => {
    const pictures = page.getByRole('list', { name: 'Samples' }).locator('img');
    await expect(pictures).toHaveCount(4);
    for (const picture of await pictures.all())
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(384);
    await expect(page.getByRole('button', { name: /^Two balls/ })).toBeVisible();
  });

  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.goToFrame(6);
  await page.keyboard.press('o');
  await app.goToFrame(4);
  await page.keyboard.press('i');

  await test.step('the first mask leads to Track', async () => {
    const stage = await app.stageBox();
    await app.clickAt(0.25, 0.62);
    await app.hasMask(1, 4, 'prompted');
    await expect(hint(page)).toContainText('Track');
    expect(await app.stageBox()).toEqual(stage);
    await page.keyboard.press('t');
    await app.hasMask(1, 6, 'tracked');
    await expect(hint(page)).toBeHidden();
    await app.ready();
  });

  await test.step('the export says what is in it, and what is missing', async () => {
    await app.button('Add object').click();
    await app.button('Export').click();
    const frames = dialog.getByRole('radiogroup', { name: 'Frames' });
    await expect(frames.getByRole('radio', { name: 'Marks' })).toBeChecked();
    await expect(dialog.getByRole('listbox', { name: 'Format' })).toHaveValue('png');
    await expect(contents).toHaveText('4 files · 3 frames · 1 object · 3 masks');
    const missing = dialog.getByRole('list', { name: 'Missing' });
    await expect(missing).toHaveText('Object 2 is empty and is left out.');
    await frames.getByRole('radio', { name: 'All' }).check();
    await expect(contents).toHaveText('25 files · 24 frames · 1 object · 3 masks');
    await expect(missing).toContainText('Object 1 has no mask on frames 0–3, 7–23.');
    await frames.getByRole('radio', { name: 'With masks' }).check();
    await expect(contents).toHaveText('4 files · 3 frames · 1 object · 3 masks');
    expect(await save()).toEqual(['objects.json', ...[4, 5, 6].map((at) => `masks/0000${at}.png`)]);
    await dialog.getByRole('button', { name: 'Close' }).click();
  });
});

test('work that cannot be saved is exported first where another file is opened, and then given up', async ({
  page,
}) => {
  const app = new App(page);
  const exporting = page.getByRole('dialog', { name: 'Export' });
  const leave = page.getByRole('dialog', { name: 'Discard this work?' });
  await app.refuseStorage();
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.clickAt(0.25, 0.62);
  await app.hasMask(1, 0, 'prompted');
  await app.openFile(fixture('image.png'));
  await leave.getByRole('button', { name: 'Export first' }).click();
  await expect(leave).toBeHidden();
  const download = page.waitForEvent('download');
  await exporting.getByRole('button', { name: 'Save', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('tiny-masks.zip');
  await exporting.getByRole('button', { name: 'Close' }).click();
  await leave.getByRole('button', { name: 'Discard and open' }).click();
  await expect.poll(async () => (await app.state()).frameCount).toBe(1);
});

test('the history names each step, and a click on one goes there; a hint that was seen stays away', async ({
  page,
}) => {
  const app = new App(page);
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('button');
  const names = async () => (await app.state()).objects.map(({ name }) => name);
  await page.addInitScript(() => localStorage.setItem('masklet-track-hint', 'seen'));
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.goToFrame(2);
  await app.clickAt(0.25, 0.62);
  await app.hasMask(1, 2, 'prompted');
  await expect(hint(page)).toBeHidden();
  await page.keyboard.press('n');
  await page.keyboard.press('u');
  await expect(steps).toHaveText(['Open tiny.mp4', 'Add point on frame 2, Object 1', 'Add object: Object 2']);
  await expect(steps.nth(2)).toBeFocused();
  await expect(steps.nth(2)).toHaveAttribute('aria-current', 'step');
  await steps.nth(0).click();
  expect(await names()).toEqual([]);
  await expect(steps.nth(0)).toHaveAttribute('aria-current', 'step');
  await steps.nth(1).click();
  expect(await names()).toEqual(['Object 1']);
  await app.hasMask(1, 2, 'prompted');
  await page.keyboard.press('Escape');
  await expect(steps).toHaveCount(0);
  await app.button('History').click();
  await steps.nth(2).click();
  expect(await names()).toEqual(['Object 1', 'Object 2']);
});
