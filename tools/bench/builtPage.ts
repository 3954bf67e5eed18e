import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, preview, type InlineConfig } from 'vite';
import { ensureChromium, root } from '../setup.mjs';

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
  const launched = {
    executablePath: await ensureChromium(),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args],
  };
  const options = { baseURL: server.resolvedUrls?.local[0] ?? '', viewport: { width: 1280, height: 800 } };
  const browser = profile === undefined ? await chromium.launch(launched) : undefined;
  const context = browser
    ? await browser.newContext(options)
    : await chromium.launchPersistentContext(profile ?? '', { ...launched, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    return await work(page);
  } finally {
    await context.close();
    await browser?.close();
    await server.close();
  }
}
