import { expect } from '@playwright/test';
import { App, test } from './app.ts';
import { blockModel } from './barCode.ts';

test('objects are renamed, reordered, recoloured, locked and shown alone, and all work can be undone', async ({
  page,
}) => {
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.button('Try the sample').click();
  await expect(app.stage).toBeVisible();
  for (let i = 0; i < 3; i++) await app.button('Add object').click();
  const rows = page.getByRole('list', { name: 'Objects' }).getByRole('listitem');
  const names = async () => (await app.state()).objects.map(({ name }) => name);
  const colorOf = (id: number) =>
    app
      .button(`Colour of Object ${id}`)
      .locator('span')
      .evaluate((swatch) => getComputedStyle(swatch).backgroundColor);

  await test.step('a row says what its object has on the frame, also to who does not see it', async () => {
    await expect(app.button('Object 1 No mask yet')).toBeVisible();
  });

  await test.step('a key starts the name, Enter takes it', async () => {
    await page.keyboard.press('F2');
    await page.keyboard.type('Rabbit');
    await page.keyboard.press('Enter');
    expect(await names()).toEqual(['Object 1', 'Object 2', 'Rabbit']);
  });

  await test.step('no text of a row is cut, however long', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('F2');
    await page.keyboard.type('The rabbit that comes out of its hole in the morning');
    await page.keyboard.press('Enter');
    const cut = await rows.getByRole('button', { pressed: true }).evaluateAll((buttons) =>
      buttons
        .flatMap((button) => [...button.querySelectorAll('span')])
        .filter(
          (text) => text.scrollWidth > text.clientWidth + 1 || text.scrollHeight > text.clientHeight + 1,
        )
        .map(({ textContent }) => textContent),
    );
    expect(cut).toEqual([]);
    await app.button('Undo').click();
  });

  await test.step('by buttons, by keys and by a drag an object goes to another place', async () => {
    await app.button('Move object up the list, under the others').click();
    expect(await names()).toEqual(['Object 1', 'Rabbit', 'Object 2']);
    await page.keyboard.press('Control+ArrowUp');
    expect(await names()).toEqual(['Rabbit', 'Object 1', 'Object 2']);
    await rows.nth(0).dragTo(rows.nth(2), { targetPosition: { x: 90, y: 38 } });
    expect(await names()).toEqual(['Object 1', 'Object 2', 'Rabbit']);
  });

  await test.step('the palette gives another colour', async () => {
    const before = await colorOf(1);
    await app.button('Colour of Object 1').click();
    await app.button('Sage').click();
    expect(await colorOf(1)).toBe('rgb(135, 194, 147)');
    await app.button('Undo').click();
    expect(await colorOf(1)).toBe(before);
  });

  await test.step('one is locked, and one is shown alone', async () => {
    await app.button('Lock Object 2').click();
    await expect(app.button('Unlock Object 2')).toBeVisible();
    await app.button('Show Object 1 only').click();
    await expect(app.button('Show Object 1 only')).toHaveAttribute('aria-pressed', 'true');
    await expect(rows.nth(1)).toHaveAttribute('data-hidden', 'true');
    await app.button('Undo').click();
    await expect(app.button('Lock Object 2')).toBeVisible();
    await expect(app.button('Show Object 1 only')).toHaveAttribute('aria-pressed', 'true');
  });
});
