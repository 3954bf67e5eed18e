import { expect } from '@playwright/test';
import { App, test } from './app.ts';
import { blockModel, expectShown, fixture } from './barCode.ts';

test('work that cannot be saved is not lost unasked: not for another clip, nor with the page', async ({
  page,
}) => {
  const app = new App(page);
  const dialog = page.getByRole('dialog', { name: 'Discard this work?' });
  const frameCount = async () => (await app.state()).frameCount;
  await blockModel(app);
  await app.refuseStorage();
  await app.goto();

  await test.step('an untouched clip gives way', async () => {
    await app.openFile(fixture('image.png'));
    await expect.poll(frameCount).toBe(1);
    await app.openFile(fixture('tiny.mp4'));
    await expect.poll(frameCount).toBe(24);
    await expectShown(app, 0);
  });

  await test.step('a clip with a point is kept', async () => {
    await app.clickAt(0.5, 0.5);
    await expect(page.getByRole('button', { name: /^Point 1/ })).toBeVisible();
    await expect(app.alert.filter({ hasText: 'Your work lasts as long as this tab' })).toBeVisible();
    expect((await app.state()).project).toMatchObject({ id: null, saved: 'off' });
    await app.openFile(fixture('image.png'));
    await expect(dialog).toContainText('1 object');
    await expect(dialog.getByRole('button', { name: 'Keep working' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: /^Point 1/ })).toBeVisible();
  });

  await test.step('a file has what no storage keeps', async () => {
    const download = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    expect((await download).suggestedFilename()).toBe('tiny.masklet');
  });

  await test.step('a closed page asks', async () => {
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
  });

  await test.step('what is given up is gone', async () => {
    await page.keyboard.press('Shift+O');
    await expect(dialog).toContainText('bigbuckbunny.mp4');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await app.dropFile(fixture('image.png'), 'image/png');
    await dialog.getByRole('button', { name: 'Discard and open' }).click();
    await expect.poll(frameCount).toBe(1);
    expect((await app.state()).objects).toEqual([]);
  });
});
