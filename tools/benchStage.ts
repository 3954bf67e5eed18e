/**
 * `npm run bench:stage`: what drawing the stage costs the UI thread. `npm run bench:stage -- --edges`: what edges cost. See docs/performance.md.
 */
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { mainThreadTasks, TASK_CATEGORIES } from '../e2e/mainThread.ts';
import { STAGE_GPU } from '../e2e/chromiumGpu.ts';
import { onBuiltPage } from './bench/builtPage.ts';
import type { EdgeSettings } from '../src/core/edges/edgeSettings.ts';
import type { EdgeCosts, StageContent } from './bench/stageContent.ts';
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

/** What edges are measured of, and how many frames are enough. */
const SOFT_CONTENT: StageContent = { objects: 1, look: 'cutout' };
const EDGES: readonly Partial<EdgeSettings>[] = [
  { detail: 8 },
  { detail: 16 },
  { grow: 8 },
  { smooth: 8 },
  { steady: 4 },
  { holes: 16, specks: 16 },
];
const EDGE_FRAMES = 2;

interface StageWindow {
  openStage(): Promise<void>;
  fillStage(content: StageContent): Promise<void>;
  showFrames(count: number): Promise<void>;
  measureEdges(edge: Partial<EdgeSettings>, frames: number): Promise<EdgeCosts>;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { edges: { type: 'boolean', default: false } } });
  await onBuiltPage('stagePage', STAGE_GPU, values.edges ? printEdges : printDrawing);
  return EXIT.ok;
}

async function printDrawing(page: Page): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const name of ['UI thread', 'worker, GPU'] as const) {
    await openStage(page, name);
    for (const content of CONTENTS)
      rows.push([name, content.objects, content.look, ...(await measure(page, content))]);
  }
  console.log(
    `Processor time of the UI thread, in milliseconds, while it shows ${FRAMES} frames of the sample`,
  );
  const columns = ['drawn by', 'objects', 'look', 'per frame', 'longest task', 'tasks > 16 ms'];
  console.log(formatTable(columns, rows));
}

async function printEdges(page: Page): Promise<void> {
  await openStage(page, 'worker, GPU');
  await page.evaluate((given) => (window as unknown as StageWindow).fillStage(given), SOFT_CONTENT);
  const rows: (string | number)[][] = [];
  for (const edge of EDGES) {
    const { cpuMs, gpuMs, ...counts } = await page.evaluate(
      ([given, frames]) => (window as unknown as StageWindow).measureEdges(given, frames),
      [edge, EDGE_FRAMES] as const,
    );
    const { dispatches, bytesUp, bytesDown } = counts;
    const name = Object.entries(edge)
      .map((setting) => setting.join(' '))
      .join(', ');
    rows.push([name, ...[cpuMs, gpuMs, dispatches, bytesUp, bytesDown].map((value) => value.toFixed(0))]);
  }
  console.log(
    [
      'Edges of one object, for each frame of the sample: milliseconds of the player’s worker, which makes them on the CPU;',
      'milliseconds until a frame is decoded and drawn by the stage’s worker, which makes them on the GPU (an emulated one is far',
      'slower than the CPU, which always fills holes and removes specks); runs of its kernels; bytes sent to the GPU besides the frame, and read back.',
    ].join('\n'),
  );
  console.log(formatTable(['edge', 'CPU', 'GPU', 'kernels', 'bytes up', 'bytes down'], rows));
}

async function openStage(page: Page, name: keyof typeof RENDERERS): Promise<void> {
  await page.goto(`./?stage=${RENDERERS[name]}`);
  await page.waitForFunction(() => 'showFrames' in window);
  await page.evaluate(() => (window as unknown as StageWindow).openStage());
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
