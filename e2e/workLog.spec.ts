import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { App, SOON, test } from './app.ts';

/** Saves the log from the history, and gives its rows, each by its columns. */
async function savedLog(page: Page): Promise<Record<string, string>[]> {
  await page.keyboard.press('u');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('tiny-log.csv');
  const [head = [], ...rows] = (await readFile(await file.path(), 'utf8'))
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  await page.keyboard.press('u');
  return rows.map((row) => Object.fromEntries(head.map((column, i) => [column, row[i] ?? ''])));
}

test('the log says what was done, when and for how long, and stays with the project', async ({ page }) => {
  const app = new App(page);
  await app.openDisc();
  await app.clickAt(0.27, 112 / 180);
  await page.keyboard.press('Control+z');
  await app.goToFrame(12);
  await page.keyboard.press('Shift+F');
  await expect(page.getByRole('status')).toContainText('Tracked 11 frames');
  await page.keyboard.press('y');
  await page.keyboard.press('u');
  await expect(page.getByTestId('log-summary')).toHaveText(
    /^\d+ s at work, 2 clicks, 1 run\. 4 % reviewed\.$/,
  );
  await page.keyboard.press('u');

  const rows = await savedLog(page);
  const done = rows.map(({ kind, what, detail, frame }) => `${kind} ${what} ${detail} ${frame}`);
  expect(done.filter((row) => /^(page|step|run)/.test(row))).toEqual([
    'page open  0',
    'step add point  0',
    'step add point  0',
    'run track begins 12',
    'run track done; 11 frames 11',
    'step looks right  11',
  ]);
  expect(done).toContain('command undo  0');
  expect(rows.every(({ time }) => new Date(time!).getTime() > Date.now() - 600_000)).toBe(true);
  const active = rows.reduce((sum, { active_s }) => sum + Number(active_s), 0);
  expect(active).toBeGreaterThan(0);

  await test.step('all of it is there at the next visit', async () => {
    await app.isSaved();
    await page.reload();
    await expect.poll(async () => (await app.state()).objects.length, SOON).toBe(1);
    const later = await savedLog(page);
    expect(later.slice(0, rows.length - 1).map(({ time }) => time)).toEqual(
      rows.slice(0, -1).map(({ time }) => time),
    );
    expect(later.filter(({ what }) => what === 'open')).toHaveLength(2);
  });
});
