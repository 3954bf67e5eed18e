import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { CACHE, ensureGraphs } from '../graphs/embeddedGraphs.ts';
import { COMPUTING_GPU } from '../../e2e/chromiumGpu.ts';
import { pageInChromium } from '../../parity/pageInChromium.ts';
import { root } from '../setup.mjs';
import { SAMPLE, type BenchRun, type BenchTask } from './benchRun.ts';

/**
 * Gives `work` the benchmark's page in Chromium, with the models and a WebGPU.
 *
 * @param special where other files lie that the page asks for
 */
export async function inBenchPage(
  work: (page: Page) => Promise<void>,
  special: (path: string) => string | undefined = () => undefined,
): Promise<void> {
  await ensureGraphs();
  const graphs = fileURLToPath(CACHE);
  const fileOf = (path: string) => {
    const found = special(path);
    if (found !== undefined) return found;
    if (path === 'sample.mp4') return join(root, SAMPLE);
    const [folder, ...rest] = path.split('/');
    if (folder === 'models') return join(graphs, ...rest);
    return folder === 'fixtures' ? join(root, 'fixtures/models', ...rest) : undefined;
  };
  await pageInChromium(fileOf, work, COMPUTING_GPU);
}

/** Measures one task: on WASM with threads, or on WebGPU. */
export async function benchInPage(page: Page, task: BenchTask): Promise<BenchRun[]> {
  await page.reload();
  await page.waitForFunction(() => 'bench' in window);
  return page.evaluate(
    (given) => (window as unknown as { bench(task: BenchTask): Promise<BenchRun[]> }).bench(given),
    task,
  );
}
