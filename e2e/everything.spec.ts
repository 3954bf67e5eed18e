import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleIncludes } from '../src/core/rle.ts';
import { App, test } from './app.ts';

test('everything on a frame: found, picked on the stage and in the list, undone', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openFile(resolve(import.meta.dirname, 'fixtures/tiny.mp4'));
  await app.ready();
  await page.keyboard.press('a');
  const list = page.getByRole('list', { name: 'Found on frame 0' });
  await expect(list.getByRole('button').first()).toBeVisible({ timeout: 180_000 });

  await test.step('the disk, by a click on it while the search goes on', async () => {
    await expect(async () => {
      await app.clickAt(60 / 320, 110 / 180);
      expect((await app.state()).objects).toHaveLength(1);
    }).toPass({ timeout: 180_000 });
    await app.hasMask(1, 0, 'prompted');
    expect(rleIncludes(fromCocoRle((await app.mask(1, 0))!), { x: 60, y: 110 })).toBe(true);
    await expect(list.getByRole('button', { pressed: true })).toHaveCount(1);
  });

  await test.step('no more is looked for, and what was found stays', async () => {
    await app.button('Stop looking').click();
    await app.ready();
    await app.button('Undo').click();
    await expect(list.getByRole('button', { pressed: true })).toHaveCount(0);
    const box = await app.stageBox();
    const [x, y] = [box.x + (60 / 320) * box.width, box.y + (110 / 180) * box.height];
    await page.mouse.move(x + 40, y);
    await page.mouse.down();
    await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
    expect((await app.state()).objects, 'a drag picks nothing').toHaveLength(0);
    const count = await list.getByRole('button').count();
    await list.getByRole('button').last().press('Enter');
    await expect(list.getByRole('button', { pressed: true })).toHaveCount(1);
    await app.button('Keep all').click();
    await expect(list.getByRole('button', { pressed: true })).toHaveCount(count);
    expect((await app.state()).objects).toHaveLength(count);
  });

  await test.step('put away: clicks are prompts again', async () => {
    await page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await app.ready();
    await app.clickAt(0.97, 0.06);
    await expect(page.getByRole('button', { name: /^Point 1, add/ })).toBeVisible();
  });
});
