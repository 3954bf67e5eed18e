import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { App, test } from './app.ts';

/** A theme changes colours and nothing else, a width no colours: each theme is asked about at one width. */
const LOOKS = [
  { theme: 'dark', width: 1280, height: 800 },
  { theme: 'light', width: 390, height: 844 },
] as const;

/** Fails with what axe finds on the page, dark on a wide screen and light on one as narrow as a phone's. */
async function expectNoFindings(page: Page, state: string): Promise<void> {
  const size = page.viewportSize()!;
  for (const { theme, width, height } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    // The page has no frames, and what passes is not asked for: axe takes three fifths of its time then.
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })
      .analyze();
    const findings: string[] = [];
    for (const { id, help, nodes } of violations)
      for (const { target, failureSummary } of nodes) {
        const place = target.join(' ');
        // An open menu is no part of the page's regions: its button leads to it, and Escape back.
        if (id === 'region' && (await page.locator(`[role="menu"] :is(${place})`).count()) > 0) continue;
        findings.push(`${id}: ${help}\n${place}\n${failureSummary}`);
      }
    expect.soft(findings, `${state}, ${theme}, ${width} px`).toEqual([]);
  }
  await page.setViewportSize(size);
}

/** A state of the page takes two looks of axe, each of which takes the processor for a second. */
const MANY_STATES = 300_000;

/** Opens the dialogs of these keys one after the other. */
async function expectDialogs(page: Page, keys: readonly (readonly [key: string, name: string])[]) {
  const dialog = page.getByRole('dialog');
  for (const [key, name] of keys) {
    await test.step(`dialog ${name}`, async () => {
      await page.keyboard.press(key);
      await expect(dialog).toHaveAccessibleName(name);
      await expectNoFindings(page, `dialog ${name}`);
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    });
  }
}

test('axe finds nothing before there is an object', async ({ page }) => {
  test.setTimeout(MANY_STATES);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const app = new App(page);

  await test.step('empty', async () => {
    await app.goto();
    await expectNoFindings(page, 'empty');
  });

  await test.step('an error', async () => {
    await app.openFile('e2e/fixtures/not-media.txt');
    await expect(app.alert).toBeVisible();
    await expectNoFindings(page, 'error');
    await app.button('Dismiss').click();
  });

  await test.step('loaded', async () => {
    await app.openFile('e2e/fixtures/tiny.mp4');
    await app.ready();
    await expectNoFindings(page, 'loaded');
  });

  await test.step('everything on the frame', async () => {
    await page.keyboard.press('a');
    await expect(
      page.getByRole('list', { name: 'Found on frame 0' }).getByRole('button').first(),
    ).toBeVisible();
    await expectNoFindings(page, 'everything');
    await page.keyboard.press('Escape');
    await app.ready();
  });

  await test.step('how the work is kept', async () => {
    await app.button('Add object').click();
    await app.button('Saved').click();
    await expect(page.getByRole('dialog', { name: 'Saving' })).toBeVisible();
    await expectNoFindings(page, 'saving');
    await page.keyboard.press('Escape');
  });

  await expectDialogs(page, [
    ['m', 'Models'],
    ['?', 'Keyboard shortcuts'],
    ['Control+k', 'Commands'],
  ]);
});

test('axe finds nothing while objects are prompted, tracked and exported', async ({ page }) => {
  test.setTimeout(MANY_STATES);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const app = new App(page);
  const dialog = page.getByRole('dialog');
  // Only work that is not saved is asked about before it is given up.
  await app.refuseStorage();
  await app.goto();
  await app.openFile('e2e/fixtures/tiny.mp4');
  await app.ready();

  await test.step('the crosshair, a point, a box', async () => {
    await app.clickAt(60 / 320, 110 / 180);
    await app.hasMask(1, 0, 'prompted');
    await app.ready();
    await page.keyboard.press('r');
    await expect(page.getByRole('group', { name: 'What the click may mean' })).toContainText('2 of');
    await app.button('More ways to track').click();
    await expectNoFindings(page, 'readings, ways to track');
    await page.keyboard.press('Escape');
    await app.button('Mask 1').click();
    await app.button('Add object').click();
    await app.dragBox(0.8, 0.02, 0.98, 0.2);
    await app.hasMask(2, 0, 'prompted');
    await app.ready();
    await page.keyboard.press('p');
    await page.getByText('Tracking options').click();
    await expectNoFindings(page, 'with objects');
  });

  await test.step('the brush', async () => {
    await page.keyboard.press('b');
    await expect(page.getByRole('group', { name: 'Brush size' })).toBeVisible();
    await expectNoFindings(page, 'brush');
    await page.keyboard.press('b');
  });

  await test.step('tracking', async () => {
    await app.button('Track').click();
    await app.hasMask(1, 1, 'tracked');
    await expectNoFindings(page, 'tracking');
    await app.button('Stop').click();
    await app.ready();
  });

  await test.step('finished, with stale frames and a locked object', async () => {
    await page.keyboard.press('l');
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: /^Object 1 / }).click();
    await page.keyboard.press('c');
    await expectNoFindings(page, 'finished');
  });

  await test.step('asked before the work is given up', async () => {
    await app.openFile('e2e/fixtures/image.png');
    await expect(dialog).toHaveAccessibleName('Discard this work?');
    await expectNoFindings(page, 'leaving');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('exported', async () => {
    await page.keyboard.press('e');
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await download;
    await expect(dialog).toContainText('on its way to your downloads');
    await expectNoFindings(page, 'exported');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await expectDialogs(page, [['e', 'Export']]);
});

test('axe finds nothing without a model, and while a file is over the page', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.route('**/models/*/encoder*.onnx', (route) => route.fulfill({ status: 404, body: '' }));
  const app = new App(page);
  await app.goto();
  await expect(app.button('Try again')).toBeVisible();
  await expectNoFindings(page, 'no model');
  await app.openFile('e2e/fixtures/image.png');
  await expect(app.stage).toBeVisible();
  await expectNoFindings(page, 'an image');
  const dataTransfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([], 'clip.mp4'));
    return transfer;
  });
  await page.dispatchEvent('body', 'dragenter', { dataTransfer });
  await expect(page.getByText('Drop a video, image or project')).toBeVisible();
  await expectNoFindings(page, 'dropping');
});
