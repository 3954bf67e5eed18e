import { chromium, expect as assert } from '@playwright/test';
import { preview } from 'vite';
import { buildIfNeeded, ensureChromium, root } from '../setup.mjs';

const expect = assert.configure({ timeout: 180_000 });

/** How often a project is opened: the first time, code is compiled. */
const TIMES = 3;

export interface OpenedInBrowser {
  /** What was done, and how many milliseconds it took. */
  readonly times: readonly (readonly [name: string, ms: number])[];
  /** What the page's scripts hold when the project is open. */
  readonly bytes: number;
}

/**
 * Opens a project's file in the app, and measures until its lanes are drawn.
 *
 * @param profile an empty folder for the browser's storage: without one, as in a private window, each read of a page of the database is a
 *   call to another process
 * @param objects how many it has
 */
export async function openInBrowser(
  path: string,
  profile: string,
  objects: number,
): Promise<OpenedInBrowser> {
  await buildIfNeeded();
  const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: 'localhost' } });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    baseURL: server.resolvedUrls?.local[0] ?? '',
    viewport: { width: 1280, height: 800 },
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(180_000);
    await page.goto('/');
    const times: [string, number][] = [];
    const lanes = page.getByRole('list', { name: 'Lanes' }).getByRole('listitem');
    const measure = async (name: string, start: () => Promise<void>) => {
      const begin = performance.now();
      await start();
      await expect(lanes).toHaveCount(objects);
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      times.push([name, performance.now() - begin]);
    };
    await measure('take the file into the app, and open it', () =>
      page.getByLabel('Open video or image').setInputFiles(path),
    );
    for (let n = 0; n < TIMES; n++) {
      await page.getByRole('button', { name: 'Projects' }).click();
      const entry = page.getByRole('button', { name: 'Open large' });
      await measure('open it from the list of projects', () => entry.click());
    }
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const usage: { usedSize: number; backingStorageSize?: number } =
      await session.send('Runtime.getHeapUsage');
    return { times, bytes: usage.usedSize + (usage.backingStorageSize ?? 0) };
  } finally {
    await context.close();
    await server.close();
  }
}
