import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea } from '../src/core/rle.ts';
import { App, test } from './app.ts';

/** The app as a person drives it who has no pointer. */
class KeyboardApp extends App {
  async press(key: string, times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await this.page.keyboard.press(key);
  }

  /** From now on, keeps what the page says to those who listen to it. */
  async listen(): Promise<void> {
    await said(this.page).evaluate((log) => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      new MutationObserver(() => heard.push(log.textContent)).observe(log, {
        ...{ childList: true, characterData: true, subtree: true },
      });
    });
  }

  /** Waits until the page has said a text since `listen`, also where it has said more since. */
  async hears(text: string): Promise<void> {
    const heard = () => this.page.evaluate(() => (window as unknown as { heard: string[] }).heard.join('\n'));
    await expect.poll(heard).toContain(text);
  }

  /** Presses Tab until `target` has the focus. */
  async tabTo(target: Locator): Promise<void> {
    for (let presses = 0; presses < 40; presses++) {
      await this.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error('Tab does not lead there.');
  }
}

const said = (page: Page) => page.getByRole('log', { name: 'Announcements' });
const lastSaid = (page: Page) => said(page).locator('p').last();

test('the whole job by keyboard alone: open, point, track, correct, export', async ({ page }) => {
  const app = new KeyboardApp(page);
  await app.refuseHandles();
  await app.goto();
  await app.listen();

  await test.step('open a file', async () => {
    // The browser is told to leave the dialog to the test, which takes it a moment.
    const chooser = page.waitForEvent('filechooser');
    await app.tabTo(app.button('Open'));
    await app.press('Enter');
    await (await chooser).setFiles('e2e/fixtures/tiny.mp4');
    await app.ready();
  });

  await test.step('go to a frame, and mark how far to track', async () => {
    await app.press('ArrowRight', 6);
    await app.press('o');
    await app.press('ArrowLeft', 2);
    await app.press('i');
    expect((await app.state()).frame).toBe(4);
  });

  await test.step('place a point with the crosshair', async () => {
    await app.tabTo(app.stage);
    await expect(page.getByTestId('crosshair')).toBeVisible();
    await app.press('ArrowLeft', 7);
    await app.press('Shift+ArrowLeft');
    await app.press('Shift+ArrowRight');
    await app.press('Alt+ArrowLeft', 5);
    await app.press('ArrowDown', 2);
    await expect(lastSaid(page)).toHaveText('85, 110');
    await app.press('Enter');
    await expect(page.getByRole('button', { name: 'Point 1, add, at 85, 110: remove' })).toBeVisible();
    await expect(lastSaid(page)).toHaveText(/The mask of Object 1 covers \d+(\.\d)? % of frame 4\./);
    expect((await app.state()).frame).toBe(4);
    await app.press('ArrowLeft');
    await expect(lastSaid(page)).toHaveText('75, 110, Object 1');
    await app.press('ArrowRight');
  });

  await test.step('track', async () => {
    await app.ready();
    await app.press('t');
    await expect(page.getByRole('status')).toContainText('Tracked 2 frames', { timeout: 120_000 });
    await app.ready();
  });

  await test.step('correct another frame: a point removed and taken away, a box', async () => {
    await app.tabTo(page.getByRole('slider', { name: 'Frame' }));
    await app.press('ArrowLeft');
    await app.ready();
    expect((await app.state()).frame).toBe(5);
    await app.press('p');
    await app.press('Alt+Enter');
    await app.hears('Take-away point at 85, 110.');
    await app.press('Tab');
    await app.press('Delete');
    await app.hears('Point removed.');
    await expect(app.stage).toBeFocused();

    await app.press('Shift+Enter');
    await expect(lastSaid(page)).toHaveText('Box begun at 85, 110.');
    await app.press('Escape');
    await expect(lastSaid(page)).toHaveText('Box cancelled.');
    await app.press('ArrowLeft', 4);
    await app.press('ArrowUp', 4);
    await app.press('Shift+Enter');
    await app.press('ArrowRight', 8);
    await app.press('ArrowDown', 8);
    await expect(page.getByTestId('prompt-box')).toBeVisible();
    await app.press('Enter');
    await expect(lastSaid(page)).toContainText('The mask of Object 1 covers');
    await app.hasMask(1, 5, 'prompted');
    expect((await app.state()).objects[0]?.frames[6]?.status).toBe('stale');
    await app.ready();
    await app.press('t');
    await expect(page.getByRole('status')).toContainText('Tracked 1 frame', { timeout: 120_000 });
    await app.ready();
  });

  await test.step('export', async () => {
    await app.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await app.tabTo(dialog.getByRole('button', { name: 'Save', exact: true }));
    const download = page.waitForEvent('download');
    await app.press('Enter');
    const files = unzipSync(await readFile(await (await download).path()));
    expect(files['masks/00006.png']).toBeDefined();
    await expect(dialog).toContainText('on its way to your downloads');
    await app.press('Escape');
    await expect(dialog).toBeHidden();
    expect(rleArea(fromCocoRle((await app.mask(1, 6))!))).toBeGreaterThan(1000);
  });
});

test('a click on the frame leaves the arrow keys to the playhead', async ({ page }) => {
  const app = new KeyboardApp(page);
  await app.goto();
  await app.openFile('e2e/fixtures/tiny.mp4');
  await app.ready();
  await app.press('p');
  await expect(page.getByTestId('crosshair')).toBeVisible();
  await app.clickAt(0.5, 0.5);
  await expect(page.getByTestId('crosshair')).toBeHidden();
  await app.press('ArrowRight');
  await expect.poll(async () => (await app.state()).frame).toBe(1);
});

test('the palette finds every command by typing, and says why one is not possible', async ({ page }) => {
  const app = new KeyboardApp(page);
  await app.goto();
  const dialog = page.getByRole('dialog', { name: 'Commands' });
  const field = dialog.getByRole('combobox', { name: 'Find a command' });
  const options = dialog.getByRole('option');

  await test.step('why not', async () => {
    await app.press('Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type('expo');
    await expect(options).toHaveCount(1);
    await expect(options).toContainText('There is no mask to export yet.');
    await expect(options).toHaveAttribute('aria-disabled', 'true');
    await app.press('Enter');
    await expect(dialog).toBeVisible();
    await app.press('Escape');
  });

  await test.step('the one that the arrow keys point at runs, with the focus where it was', async () => {
    await app.openFile('e2e/fixtures/tiny.mp4');
    await app.ready();
    await app.press('p');
    await app.press('Control+k');
    await page.keyboard.type('frame');
    const marked = dialog.getByRole('option', { selected: true });
    const first = await marked.textContent();
    await app.press('ArrowDown');
    expect(await marked.textContent()).not.toBe(first);
    await expect(field).toHaveAttribute('aria-activedescendant', (await marked.getAttribute('id'))!);
    await field.fill('last');
    await expect(options).toContainText('End');
    await app.press('Enter');
    await expect(dialog).toBeHidden();
    await expect.poll(async () => (await app.state()).frame).toBe(23);
    await expect(app.stage).toBeFocused();
  });

  await test.step('a command at the crosshair, and one that opens a dialog', async () => {
    await app.press('Control+k');
    await page.keyboard.type('take away with');
    await app.press('Enter');
    await expect(page.getByRole('button', { name: /^Point 1, take away, at 160, 90/ })).toBeVisible();
    await app.press('Control+k');
    await page.keyboard.type('shortcuts');
    await app.press('Enter');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(sheet).toContainText('Commands');
    await app.press('Escape');
    await expect(app.stage).toBeFocused();
  });
});
