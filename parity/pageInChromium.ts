import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { chromiumOptions } from '../tools/onPage.ts';

const PAGE = fileURLToPath(new URL('../test-results/parity-page', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Nothing but the page may use the network or the processor. */
const QUIET = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Gives `work` the tracker's page (`page/`) in Chromium, isolated as the app is, so that WASM has threads.
 *
 * @param fileOf where a file that the page asks for lies; `undefined` for the page's own
 */
export async function pageInChromium<Result>(
  fileOf: (path: string) => string | undefined,
  work: (page: Page) => Promise<Result>,
  args: readonly string[] = [],
): Promise<Result> {
  execFileSync(process.execPath, [fileURLToPath(new URL('buildPage.mjs', import.meta.url)), PAGE]);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname.slice(1);
    const file = fileOf(path) ?? join(PAGE, path || 'index.html');
    readFile(file).then(
      (content) =>
        response
          .writeHead(200, {
            'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          })
          .end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  const browser = await chromium.launch(await chromiumOptions([...QUIET, ...args]));
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'parity' in window);
    return await work(page);
  } finally {
    await browser.close();
    server.close();
  }
}
