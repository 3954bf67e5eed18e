import { chromium, type Page } from '@playwright/test';
import { preview } from 'vite';
import { buildIfNeeded, ensureChromium, root } from '../setup.mjs';

/**
 * Builds the app where that is needed, and gives its page to `work` in Chromium with a folder of its own for what it stores. Without one, as in a
 * private window, each read of a page of a database is a call to another process.
 *
 * @param profile an empty folder, or that of an earlier visit
 */
export async function onProfilePage<Result>(
  profile: string,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  await buildIfNeeded();
  const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: 'localhost' } });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: await ensureChromium(),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      baseURL: server.resolvedUrls?.local[0] ?? '',
      viewport: { width: 1280, height: 800 },
    });
    try {
      return await work(context.pages()[0] ?? (await context.newPage()));
    } finally {
      await context.close();
    }
  } finally {
    await server.close();
  }
}

/** Bytes that a page's scripts hold, once what they do not hold any more was collected. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage: { usedSize: number; backingStorageSize?: number } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}
