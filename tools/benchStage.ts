/** `npm run bench:stage`: what drawing the stage costs the UI thread. See docs/performance.md. */
import type { Page } from '@playwright/test';
import { mainThreadTasks, TASK_CATEGORIES } from '../e2e/mainThread.ts';
import { STAGE_GPU } from '../e2e/chromiumGpu.ts';
import { onBuiltPage } from './bench/builtPage.ts';
import type { StageContent } from './bench/stageContent.ts';
import { formatTable } from './eval/table.ts';
import { EXIT, runCommand } from './node/runCommand.ts';

/** How the stage is drawn, as the page's address says it. */
const RENDERERS = { 'UI thread': 'canvas', 'worker, GPU': 'software' } as const;
const FRAMES = 32;
const CONTENTS: readonly StageContent[] = [
  { objects: 0, look: 'overlay' },
  { objects: 1, look: 'overlay' },
  { objects: 8, look: 'overlay' },
  { objects: 8, look: 'cutout' },
];

interface StageWindow {
  openStage(): Promise<void>;
  fillStage(content: StageContent): Promise<void>;
  showFrames(count: number): Promise<void>;
}

async function main(): Promise<number> {
  const rows = await onBuiltPage('stagePage', STAGE_GPU, async (page) => {
    const found: (string | number)[][] = [];
    for (const [name, wish] of Object.entries(RENDERERS)) {
      await page.goto(`./?stage=${wish}`);
      await page.waitForFunction(() => 'showFrames' in window);
      await page.evaluate(() => (window as unknown as StageWindow).openStage());
      for (const content of CONTENTS)
        found.push([name, content.objects, content.look, ...(await measure(page, content))]);
    }
    return found;
  });
  console.log(
    `Processor time of the UI thread, in milliseconds, while it shows ${FRAMES} frames of the sample`,
  );
  const columns = ['drawn by', 'objects', 'look', 'per frame', 'longest task', 'tasks > 16 ms'];
  console.log(formatTable(columns, rows));
  return EXIT.ok;
}

async function measure(page: Page, content: StageContent): Promise<(string | number)[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('The page has no browser.');
  await page.evaluate((given) => (window as unknown as StageWindow).fillStage(given), content);
  await browser.startTracing(page, { categories: TASK_CATEGORIES });
  await page.evaluate((count) => (window as unknown as StageWindow).showFrames(count), FRAMES);
  const tasks = mainThreadTasks(await browser.stopTracing());
  const sum = tasks.reduce((total, task) => total + task, 0);
  const long = tasks.filter((task) => task > 16).length;
  return [(sum / FRAMES).toFixed(2), Math.max(...tasks).toFixed(1), long];
}

await runCommand(main);
