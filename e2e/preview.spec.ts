import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { App, test } from './app.ts';

test('before the first click the pointer previews its mask; nothing is changed by it', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openFile(resolve(import.meta.dirname, 'fixtures/tiny.mp4'));
  await app.ready();
  const preview = page.getByTestId('preview');
  const box = await app.stageBox();
  const hover = (x: number, y: number) => page.mouse.move(box.x + x * box.width, box.y + y * box.height);

  await hover(60 / 320, 110 / 180);
  await expect(preview).toBeVisible();
  expect((await app.state()).objects).toEqual([]);
  await expect(app.button('Undo')).toHaveAttribute('aria-disabled', 'true');
  await page.mouse.move(box.x - 20, box.y + 5);
  await expect(preview).toBeHidden();

  await test.step('it stays until the mask of a click is there, and does not come back over it', async () => {
    await hover(60 / 320, 110 / 180);
    await expect(preview).toBeVisible();
    await app.clickAt(60 / 320, 110 / 180);
    await app.hasMask(1, 0, 'prompted');
    await expect(preview).toBeHidden();
    await hover(62 / 320, 112 / 180);
    await app.ready();
    await expect(preview).toBeHidden();
  });

  await test.step('unless it is switched off', async () => {
    await page.keyboard.press('ArrowRight');
    await app.ready();
    await hover(64 / 320, 110 / 180);
    await expect(preview).toBeVisible();
    await page.keyboard.press('Shift+P');
    await expect(preview).toBeHidden();
  });
});
