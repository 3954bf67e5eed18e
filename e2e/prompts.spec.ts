import { expect } from '@playwright/test';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea, rleBounds, rleIou, type MaskRle } from '../src/core/rle.ts';
import { App, test } from './app.ts';

test('prompts: box, further clicks, points taken away, several objects, undo and redo', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openSample();
  await app.goToFrame(40);

  const maskOf = async (id: number) => fromCocoRle((await app.mask(id, 40))!);
  const points = page.getByRole('button', { name: /^Point / });

  await test.step('a box gives what is in it', async () => {
    await app.dragBox(0.15, 0.04, 0.56, 0.86);
    await app.hasMask(1, 40, 'prompted');
    await app.ready();
    const bounds = rleBounds(await maskOf(1))!;
    expect(bounds.x0).toBeGreaterThan(0.12 * 1280);
    expect(bounds.x1).toBeLessThan(0.6 * 1280);
  });

  await test.step('clicks change it: Alt takes away, and so does the right button', async () => {
    const boxed = await maskOf(1);
    await app.clickAt(0.4, 0.25, { modifiers: ['Alt'] });
    await app.ready();
    await app.clickAt(0.3, 0.7, { button: 'right' });
    await app.ready();
    await expect(points).toHaveCount(2);
    expect(rleIou(await maskOf(1), boxed)).toBeLessThan(0.999);
    await app.clickAt(0.305, 0.7, { modifiers: ['Alt'] });
    await expect(points, 'however near another point').toHaveCount(3);
    await app.button('Undo').click();
    await expect(points).toHaveCount(2);
    await app.ready();
  });

  await test.step('a point can be removed by a click on it', async () => {
    await points.last().click();
    await expect(points).toHaveCount(1);
    await app.ready();
  });

  await test.step('a second object has its own mask and colour', async () => {
    const first = await maskOf(1);
    await app.button('Add object').click();
    await app.clickAt(0.75, 0.45);
    await app.hasMask(2, 40, 'prompted');
    await app.ready();
    expect(rleIou(await maskOf(2), first)).toBeLessThan(0.1);
    expect(rleIou(await maskOf(1), first)).toBe(1);
    await expect(page.getByRole('list', { name: 'Objects' }).getByRole('listitem')).toHaveCount(2);
  });

  await test.step('undo and redo give the very masks back', async () => {
    const rocks = await maskOf(2);
    await app.button('Undo').click();
    expect(await app.mask(2, 40)).toBeNull();
    await app.button('Redo').click();
    expect(rleIou(await maskOf(2), rocks)).toBe(1);
    expect(rleArea(rocks)).toBeGreaterThan(0);
  });
});

test('one click has several masks to choose from; further clicks correct the chosen one', async ({
  page,
}) => {
  const app = new App(page);
  await app.goto();
  await app.openSample();
  await app.goToFrame(40);
  await app.clickAt(0.35, 0.45);
  await app.hasMask(1, 40, 'prompted');
  await app.ready();
  const maskNow = async () => fromCocoRle((await app.mask(1, 40))!);
  const first = await maskNow();

  const strip = page.getByRole('group', { name: 'What the click may mean' });
  const pictures = strip.getByRole('button');
  await page.keyboard.press('r');
  await app.ready();
  await expect(strip).toContainText(/^2 of \d$/);
  const second = await maskNow();
  await test.step('each of them once, with a small picture', async () => {
    const count = await pictures.count();
    await expect(strip).toContainText(`2 of ${count}`);
    const masks: MaskRle[] = [];
    for (let at = 0; at < count; at++) {
      await pictures.nth(at).click();
      await expect(pictures.nth(at)).toHaveAttribute('aria-pressed', 'true');
      masks.push(await maskNow());
    }
    const ious = masks.flatMap((mask, at) => masks.slice(at + 1).map((other) => rleIou(mask, other)));
    expect(Math.max(...ious)).toBeLessThanOrEqual(0.95);
    expect(rleIou(masks[0]!, first)).toBe(1);
    await pictures.nth(1).click();
    expect(rleIou(await maskNow(), second)).toBe(1);
  });

  // A click that takes away what is outside anyway leaves the chosen mask, and not the first one.
  await app.clickAt(0.95, 0.1, { modifiers: ['Alt'] });
  await expect(page.getByRole('button', { name: /^Point / })).toHaveCount(2);
  await app.ready();
  const corrected = await maskNow();
  expect(rleIou(corrected, second)).toBeGreaterThan(rleIou(corrected, first));

  await app.button('Undo').click();
  expect(rleIou(await maskNow(), second)).toBe(1);
});
