/** `npm run bench:timeline`: whether the page stays smooth with a long clip and many objects. See docs/performance.md. */
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, preview, type InlineConfig } from 'vite';
import type { GestureTimes, TimelineSize } from './bench/timelineTimes.ts';
import { formatTable } from './eval/table.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { ensureChromium } from './setup.mjs';

const SIZES: readonly TimelineSize[] = [
  { frames: 300, objects: 1 },
  { frames: 30_000, objects: 50 },
];
const REPEATS = 100;
const outDir = fileURLToPath(new URL('../test-results/timeline-page', import.meta.url));

async function main(): Promise<number> {
  const root = fileURLToPath(new URL('bench/timelinePage', import.meta.url));
  const settings: InlineConfig = {
    configFile: false,
    root,
    base: './',
    logLevel: 'warn',
    plugins: [react()],
  };
  await build({
    ...settings,
    worker: { format: 'es' },
    build: { target: 'es2023', outDir, emptyOutDir: true },
  });
  const server = await preview({ ...settings, build: { outDir }, preview: { host: 'localhost' } });
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(0);
    const rows: (string | number)[][] = [];
    for (const size of SIZES) {
      await page.goto(server.resolvedUrls?.local[0] ?? '');
      await page.waitForFunction(() => 'timeline' in window);
      const results = await page.evaluate(
        ([given, count]) =>
          (
            window as unknown as { timeline(size: TimelineSize, count: number): Promise<GestureTimes[]> }
          ).timeline(given, count),
        [size, REPEATS] as const,
      );
      rows.push(...results.map(rowOf));
    }
    console.log(`Milliseconds from a gesture to the frame after it, ${REPEATS} times each`);
    console.log(formatTable(['frames', 'objects', 'gesture', 'median', 'longest', 'tasks > 50 ms'], rows));
  } finally {
    await browser.close();
    await server.close();
  }
  return EXIT.ok;
}

function rowOf({ frames, objects, name, times, longTasks }: GestureTimes): (string | number)[] {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return [frames, objects, name, median.toFixed(1), (sorted.at(-1) ?? 0).toFixed(1), longTasks.length];
}

await runCommand(main);
