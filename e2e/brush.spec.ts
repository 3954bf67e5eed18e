import { expect } from '@playwright/test';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea, rleBounds, rleIncludes } from '../src/core/rle.ts';
import { App, test } from './app.ts';
import { blockModel } from './barCode.ts';

test('the brush adds to a mask and erases from it by hand, at any zoom, and each stroke can be undone', async ({
  page,
}) => {
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.button('Try the sample').click();
  await expect(app.stage).toBeVisible();
  const maskNow = async () => fromCocoRle((await app.mask(1, 0))!);
  const areaNow = async () => rleArea(await maskNow());

  await page.keyboard.press('b');
  await app.button('Larger brush').click();
  await page.keyboard.press('[');
  await expect(page.getByRole('group', { name: 'Brush size' })).toContainText('40 px');

  await test.step('a stroke is a mask as wide as the brush, and makes an object', async () => {
    await app.dragBox(0.25, 0.5, 0.75, 0.5);
    const bounds = rleBounds(await maskNow())!;
    expect(Math.abs(bounds.x0 - (0.25 * 1280 - 20))).toBeLessThan(3);
    expect(Math.abs(bounds.x1 - (0.75 * 1280 + 20))).toBeLessThan(3);
    expect(Math.abs(bounds.y1 - bounds.y0 - 40)).toBeLessThan(3);
    expect((await app.state()).objects[0]?.frames[0]?.status).toBe('prompted');
    await expect(page.getByTestId('prompt-box')).toHaveCount(0);
  });
  const painted = await areaNow();

  await test.step('Escape gives a stroke up', async () => {
    const box = (await app.stage.boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 60);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await areaNow()).toBe(painted);
  });

  await test.step('the switch says that it erases, also where the frame is zoomed', async () => {
    const box = (await app.stage.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -600);
    await page.keyboard.press('x');
    await page.mouse.down();
    await page.mouse.up();
    expect(await areaNow()).toBeLessThan(painted);
    expect(rleIncludes(await maskNow(), { x: 640, y: 360 })).toBe(false);
    expect(rleIncludes(await maskNow(), { x: 600, y: 360 })).toBe(true);
  });

  await test.step('undo and redo go stroke by stroke', async () => {
    const erased = await areaNow();
    await app.button('Undo').click();
    expect(await areaNow()).toBe(painted);
    await app.button('Redo').click();
    expect(await areaNow()).toBe(erased);
    await app.button('Undo').click();
    await app.button('Undo').click();
    expect((await app.state()).objects).toEqual([]);
  });
});
