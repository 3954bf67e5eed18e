import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { App, REAL, test } from './app.ts';
import { mainThreadTasks, TASK_CATEGORIES } from './mainThread.ts';

/** The longest task that a person does not feel, in milliseconds: what browsers call a long one. */
const LONG_TASK = 50;

test('nothing blocks the hand while tracking runs', REAL, async ({ page, browser }, testInfo) => {
  const report = (what: string, ms: number) => {
    testInfo.annotations.push({ type: what, description: `${Math.round(ms)} ms` });
    console.log(`  ${what}: ${Math.round(ms)} ms`);
  };
  const app = new App(page);
  await app.goto();
  await app.openFile(resolve(import.meta.dirname, 'fixtures/tiny.mp4'));
  await app.ready();

  let begun = performance.now();
  await app.clickAt(60 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  report('click to mask, features ready', performance.now() - begun);
  await app.ready();

  await page.evaluate(() => {
    const seen: number[] = [];
    new PerformanceObserver((list) =>
      seen.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
    });
    Object.assign(window, { longTasks: seen });
  });
  await browser.startTracing(page, { categories: TASK_CATEGORIES });
  begun = performance.now();
  await page.keyboard.press('t');
  await app.hasMask(1, 1, 'tracked');
  report('Track to the first frame', performance.now() - begun);

  await test.step('scrubbing, playing and prompts go on', async () => {
    await app.goToFrame(20);
    await app.goToFrame(3);
    await page.keyboard.press(' ');
    await expect(app.button('Pause')).toBeVisible();
    await page.keyboard.press(' ');
    await app.goToFrame(22);
    await app.clickAt(148 / 320, 110 / 180);
    await expect(page.getByRole('button', { name: /^Point 1, add/ })).toBeVisible();
    await app.hasMask(1, 22, 'prompted');
    expect((await app.state()).phase).toBe('tracking');
  });
  await app.hasMask(1, 6, 'tracked');
  await app.button('Stop').click();
  await app.ready();

  const longest = Math.max(...mainThreadTasks(await browser.stopTracing()));
  const observed = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  report('longest task of the UI thread, processor time', longest);
  report('longest task of the UI thread, as the observer has it', Math.max(0, ...observed));
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThan(LONG_TASK);
});
