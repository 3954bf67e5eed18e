import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { CACHE, ensureGraphs } from '../graphs/embeddedGraphs.ts';
import { pageInChromium, SOFTWARE_GPU } from '../parity/pageInChromium.ts';
import { root } from '../setup.mjs';
import { SAMPLE, type BenchRun, type BenchTask } from './benchRun.ts';

/** Measures in Chromium, one task after the other: on WASM with threads, or on WebGPU as SwiftShader emulates it. */
export async function benchChromium(tasks: readonly BenchTask[]): Promise<BenchRun[]> {
  if (tasks.length === 0) return [];
  await ensureGraphs();
  const graphs = fileURLToPath(CACHE);
  const fileOf = (path: string) => {
    if (path === 'sample.mp4') return join(root, SAMPLE);
    const [folder, ...rest] = path.split('/');
    if (folder === 'models') return join(graphs, ...rest);
    return folder === 'fixtures' ? join(root, 'fixtures/models', ...rest) : undefined;
  };
  const runs: BenchRun[] = [];
  const measureAll = async (page: Page) => {
    for (const task of tasks) {
      await page.reload();
      await page.waitForFunction(() => 'bench' in window);
      runs.push(
        ...(await page.evaluate(
          (given) => (window as unknown as { bench(task: BenchTask): Promise<BenchRun[]> }).bench(given),
          task,
        )),
      );
    }
  };
  await pageInChromium(fileOf, measureAll, SOFTWARE_GPU);
  return runs;
}
