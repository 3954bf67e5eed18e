import { expect, type Locator } from '@playwright/test';
import { App, test } from './app.ts';
import { expectShown, fixture } from './barCode.ts';

/** Whether two things on the page cover each other. */
async function overlaps(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = await Promise.all([one.boundingBox(), other.boundingBox()]);
  if (!a || !b) throw new Error('One of them is not on the page.');
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('news pass by themselves, errors stay until they are read, and neither outlives its file or covers a control', async ({
  page,
}) => {
  const app = new App(page);
  const zoom = page.getByRole('group', { name: 'Zoom', exact: true });
  const look = page.getByRole('region', { name: 'Look' });
  await page.clock.install();
  await app.goto();
  await app.openFile(fixture('image.png'));
  await app.ready();

  await test.step('news pass', async () => {
    await app.button('Add object').click();
    await page.keyboard.press('l');
    await app.clickAt(0.5, 0.5);
    await expect(app.notice).toContainText('Object 1 is locked');
    await expect(app.alert).toHaveCount(0);
    for (const control of [zoom, look]) expect(await overlaps(app.notice, control)).toBe(false);
    await page.clock.fastForward(3000);
    await expect(app.notice).toBeVisible();
    await page.clock.fastForward(15_000);
    await expect(app.notice).toBeHidden();
  });

  await test.step('they go with their file', async () => {
    await app.clickAt(0.5, 0.5);
    await expect(app.notice).toBeVisible();
    await app.openFile(fixture('tiny.mp4'));
    await expectShown(app, 0);
    await expect(app.notice).toBeHidden();
  });

  await test.step('an error stays until it is read', async () => {
    await app.openFile(fixture('not-media.txt'));
    await expect(app.alert).toContainText('is not a video or an image');
    await page.clock.fastForward(120_000);
    await expect(app.alert).toBeVisible();
    for (const control of [zoom, look, page.getByRole('slider', { name: 'Frame' })])
      expect(await overlaps(app.alert, control)).toBe(false);
    await app.button('Dismiss').click();
    await expect(app.alert).toBeHidden();
  });

  await test.step('and is of the past where another file opens', async () => {
    await app.openFile(fixture('not-media.txt'));
    await expect(app.alert).toBeVisible();
    await app.openFile(fixture('image.png'));
    await expect.poll(async () => (await app.state()).frameCount).toBe(1);
    await expect(app.alert).toBeHidden();
  });

  await test.step('on a phone, what can be done stands below the sentence', async () => {
    await app.openFile(fixture('tiny.mp4'));
    await expectShown(app, 0);
    await app.clickAt(0.5, 0.5);
    await app.hasMask(1, 0, 'prompted');
    for (const key of ['i', 'o', 'l']) await page.keyboard.press(key);
    await page.setViewportSize({ width: 390, height: 844 });
    await app.button('Track').click();
    const sentence = app.notice.getByText('There is nothing to track');
    const [words, action, dismiss] = await Promise.all(
      [sentence, app.button('Clear the marks'), app.button('Dismiss')].map((part) => part.boundingBox()),
    );
    expect(words!.width).toBeGreaterThan(250);
    expect(action!.y).toBeGreaterThan(words!.y + words!.height - 1);
    expect(dismiss!.x + dismiss!.width).toBeLessThan(390);
  });
});
