/**
 * `npx tsx tools/screenshot.ts [FOLDER]`: pictures of the real app on the sample in many states, to be looked at, in FOLDER.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { App } from '../e2e/app.ts';
import { addressOf, chromiumOptions, serveApp } from './onPage.ts';

const [folder = 'test-results/pictures'] = process.argv.slice(2);
/** The frames of the sample that are tracked, and the one that is pictured then. */
const [FIRST, LAST, SHOWN] = [30, 58, 46];
await mkdir(folder, { recursive: true });
const server = await serveApp();
const browser = await chromium.launch(await chromiumOptions());
try {
  const page = await browser.newPage({
    baseURL: addressOf(server),
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const app = new App(page);
  const picture = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  await app.goto();
  await page.getByRole('progressbar').waitFor();
  await picture('empty-loading');
  await app.openSample();
  await picture('opened');
  await app.goToFrame(40);
  await app.clickAt(0.3, 0.62);
  await app.hasMask(1, 40, 'prompted');
  await app.ready();
  await picture('clicked');
  await app.button('Add object').click();
  await app.clickAt(0.78, 0.5);
  await app.hasMask(2, 40, 'prompted');
  await app.goToFrame(LAST);
  await page.keyboard.press('o');
  await app.goToFrame(FIRST);
  await page.keyboard.press('i');
  await app.button('Track').click();
  await page.getByRole('status').getByText('Tracked').waitFor({ timeout: 900_000 });
  await app.ready();
  await app.button('Lock Object 1').click();
  await app.goToFrame(SHOWN);
  await app.ready();
  await picture('tracked');
  await page.keyboard.press('Shift+I');
  await app.button('Track').click();
  await app.hasMask(2, LAST + 2, 'tracked');
  await page.waitForFunction(() => document.querySelectorAll('[role=progressbar]').length > 0);
  await picture('tracking');
  await page.setViewportSize({ width: 390, height: 844 });
  await picture('tracking-narrow');
  await page.setViewportSize({ width: 1440, height: 900 });
  await app.button('Stop').click();
  await app.ready();
  await app.goToFrame(44);
  await app.clickAt(0.78, 0.52);
  await app.hasMask(2, 44, 'prompted');
  await app.goToFrame(48);
  await app.ready();
  await picture('stale');
  await page.keyboard.press('d');
  await picture('light');
  await app.button('Export').click();
  await picture('export');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await picture('shortcuts');
  await page.keyboard.press('Escape');
  await app.isSaved();
  await app.openFile('e2e/fixtures/not-media.txt');
  await app.alert.first().waitFor();
  await picture('error');
  await page.setViewportSize({ width: 390, height: 844 });
  await picture('narrow');
} finally {
  await browser.close();
  await server.close();
}
