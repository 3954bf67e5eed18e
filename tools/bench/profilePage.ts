import type { Page } from '@playwright/test';
import { onPage, serveApp } from '../onPage.ts';

/** Gives the app's page to `work` in Chromium. @param profile a folder for what it stores, empty or that of an earlier visit */
export async function onProfilePage<Result>(
  profile: string,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  return onPage(await serveApp(), { profile }, work);
}

/** Bytes that a page's scripts hold, once what they do not hold any more was collected. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage: { usedSize: number; backingStorageSize?: number } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}
