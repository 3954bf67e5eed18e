import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, preview, type InlineConfig } from 'vite';
import { ensureChromium, root } from '../setup.mjs';

/**
 * Builds the page in a folder beside this file, with the app's public files, and gives it to `work` in Chromium.
 *
 * @param args of Chromium's command line
 */
export async function onBuiltPage<Result>(
  folder: string,
  args: readonly string[],
  work: (page: Page) => Promise<Result>,
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
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args],
  });
  try {
    const page = await browser.newPage({
      baseURL: server.resolvedUrls?.local[0] ?? '',
      viewport: { width: 1280, height: 800 },
    });
    page.setDefaultTimeout(0);
    return await work(page);
  } finally {
    await browser.close();
    await server.close();
  }
}
