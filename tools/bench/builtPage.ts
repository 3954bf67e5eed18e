import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, preview, type InlineConfig } from 'vite';
import { onPage } from '../onPage.ts';
import { root } from '../setup.mjs';

/**
 * Builds the page in a folder beside this file, with the app's public files, and gives it to `work` in Chromium.
 *
 * @param args of Chromium's command line
 * @param profile an empty folder for what the page stores; without one, as in a private window, the browser holds that in memory
 */
export async function onBuiltPage<Result>(
  folder: string,
  args: readonly string[],
  work: (page: Page) => Promise<Result>,
  profile?: string,
): Promise<Result> {
  const outDir = `${root}/test-results/${folder}`;
  const settings: InlineConfig = {
    configFile: false,
    root: fileURLToPath(new URL(folder, import.meta.url)),
    publicDir: `${root}/public`,
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
  return onPage(server, { profile, args }, (page) => {
    page.setDefaultTimeout(0);
    return work(page);
  });
}
