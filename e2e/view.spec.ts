import { expect } from '@playwright/test';
import { App, test } from './app.ts';
import { blockModel } from './barCode.ts';

test('the frame can be zoomed and moved, and a click means the pixel that it hits', async ({ page }) => {
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.button('Try the sample').click();
  await expect(app.stage).toBeVisible();
  const box = async () => (await app.stage.boundingBox())!;
  const points = page.getByRole('button', { name: /^Point / });
  const fitted = await box();
  const x = fitted.x + 0.35 * fitted.width;
  const y = fitted.y + 0.45 * fitted.height;

  await test.step('the wheel zooms about the pointer', async () => {
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -1000);
    await expect.poll(async () => (await box()).width).toBeGreaterThan(4 * fitted.width);
    const zoomed = await box();
    expect((x - zoomed.x) / zoomed.width).toBeCloseTo(0.35, 2);
    expect((y - zoomed.y) / zoomed.height).toBeCloseTo(0.45, 2);
  });

  await test.step('a click there is a point at that pixel', async () => {
    await page.mouse.click(x + 50, y);
    const { width } = await box();
    const video = 1280 * (0.35 + 50 / width);
    const label = await points.first().getAttribute('aria-label');
    const [, atX, atY] = /at (\d+), (\d+)/.exec(label!)!.map(Number);
    expect(Math.abs(atX! - video)).toBeLessThan(1.5);
    expect(Math.abs(atY! - 0.45 * 720)).toBeLessThan(1.5);
  });

  await test.step('the middle button, and a drag with Space held, move the frame and place no prompt', async () => {
    for (const hold of ['middle', 'Space'] as const) {
      const before = await box();
      if (hold === 'Space') await page.keyboard.down('Space');
      await page.mouse.move(x, y);
      await page.mouse.down({ button: hold === 'middle' ? 'middle' : 'left' });
      await page.mouse.move(x + 60, y + 40, { steps: 3 });
      await page.mouse.up({ button: hold === 'middle' ? 'middle' : 'left' });
      if (hold === 'Space') await page.keyboard.up('Space');
      const after = await box();
      expect([after.x - before.x, after.y - before.y]).toEqual([60, 40]);
    }
    await expect(points).toHaveCount(1);
    await expect(page.getByTestId('prompt-box')).toHaveCount(0);
    expect((await app.state()).phase).not.toBe('playing');
  });

  await test.step('keys and buttons zoom too, and show the whole frame again', async () => {
    const before = await box();
    await page.keyboard.press('-');
    expect((await box()).width).toBeLessThan(before.width);
    await page.keyboard.press('0');
    expect(await box()).toEqual(fitted);
    await app.button('Zoom in').click();
    expect((await box()).width).toBeGreaterThan(fitted.width);
    await app.button('Show the whole frame').click();
    expect(await box()).toEqual(fitted);
  });
});

test.describe('with two fingers', () => {
  test.use({ hasTouch: true });

  test('a pinch zooms about the fingers and places no prompt', async ({ page }) => {
    const app = new App(page);
    await blockModel(app);
    await app.goto();
    await app.button('Try the sample').click();
    await expect(app.stage).toBeVisible();
    const box = async () => (await app.stage.boundingBox())!;
    const fitted = await box();
    const [x, y] = [fitted.x + fitted.width / 2, fitted.y + fitted.height / 2];
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: readonly number[]) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: apart.map((by) => ({ x: x + by, y })) });
    await touch('touchStart', [-40]);
    await touch('touchStart', [-40, 40]);
    for (let apart = 50; apart <= 120; apart += 10) await touch('touchMove', [-apart, apart]);
    await expect.poll(async () => (await box()).width / fitted.width).toBeCloseTo(3, 1);
    await touch('touchEnd', []);
    const zoomed = await box();
    expect(Math.abs(zoomed.x + zoomed.width / 2 - x)).toBeLessThan(2);
    await page.touchscreen.tap(x, y);
    await expect(page.getByRole('button', { name: /^Point 1, add, at 6[34]\d, 3[56]\d/ })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Point / })).toHaveCount(1);
    await expect(page.getByTestId('prompt-box')).toHaveCount(0);
  });
});

test('looks: the mask alone, and the object cut out of its frame', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openSample();
  await app.clickAt(0.31, 0.7);
  await app.hasMask(1, 0, 'prompted');

  /** The colour, red to alpha, that one of the stage's canvases has at a share of its size. */
  const pixel = (canvas: 'frame' | 'masks', x: number, y: number) =>
    app.stage.locator('canvas').evaluateAll(
      ([frame, masks], [which, atX, atY]) => {
        const element = (which === 'frame' ? frame : masks) as HTMLCanvasElement;
        const at = [Math.round(atX * element.width), Math.round(atY * element.height)] as const;
        return Array.from(element.getContext('2d')!.getImageData(...at, 1, 1).data);
      },
      [canvas, x, y] as const,
    );
  const inside = [0.31, 0.72] as const;
  const outside = [0.6, 0.2] as const;
  const look = (name: string) => page.getByRole('radio', { name, exact: true });

  await look('Matte').click();
  expect(await pixel('masks', ...inside)).toEqual([255, 255, 255, 255]);
  expect((await pixel('masks', ...outside))[3]).toBe(0);

  await page.keyboard.press('Shift+V');
  await expect(look('Cut-out')).toBeChecked();
  const [shown, original] = [await pixel('masks', ...inside), await pixel('frame', ...inside)];
  for (const [channel, value] of shown.entries())
    expect(Math.abs(value - original[channel]!)).toBeLessThan(12);
  expect((await pixel('masks', ...outside))[3]).toBe(0);

  await look('Side by side').click();
  await expect(page.getByTestId('cutout').locator('canvas')).toBeVisible();
  const [left, right] = [await app.stage.boundingBox(), await page.getByTestId('cutout').boundingBox()];
  expect([right!.width, right!.height]).toEqual([left!.width, left!.height]);
});
