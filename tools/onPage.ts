import { chromium, type LaunchOptions, type Page } from '@playwright/test';
import { preview, type PreviewServer } from 'vite';
import { buildIfNeeded, ensureChromium, root } from './setup.mjs';

/** How Chromium is started. Its sandbox does not run as root. @param args of its command line */
export async function chromiumOptions(args: readonly string[] = []): Promise<LaunchOptions> {
  return {
    executablePath: await ensureChromium(),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args],
  };
}

/** Serves the app, built where that is needed. */
export async function serveApp(): Promise<PreviewServer> {
  await buildIfNeeded();
  return preview({ root, logLevel: 'error', preview: { port: 0, host: 'localhost' } });
}

/** Where a server's pages begin. */
export function addressOf(server: PreviewServer): string {
  return server.resolvedUrls?.local[0] ?? '';
}

/**
 * Gives a page in Chromium to `work`, and closes it with its server after that.
 *
 * @param args of Chromium's command line
 * @param profile a folder for what the page stores, empty or that of an earlier visit; without one, as in a private window, the browser holds that
 *   in memory, and each read of a page of a database is a call to another process
 */
export async function onPage<Result>(
  server: PreviewServer,
  { profile, args = [] }: { readonly profile?: string | undefined; readonly args?: readonly string[] },
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  try {
    const launched = await chromiumOptions(args);
    const options = { baseURL: addressOf(server), viewport: { width: 1280, height: 800 } };
    const browser = profile === undefined ? await chromium.launch(launched) : undefined;
    const context = browser
      ? await browser.newContext(options)
      : await chromium.launchPersistentContext(profile ?? '', { ...launched, ...options });
    try {
      return await work(context.pages()[0] ?? (await context.newPage()));
    } finally {
      await context.close();
      await browser?.close();
    }
  } finally {
    await server.close();
  }
}
