import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import type { compareRun } from '../../workers/tracker/sam2/testing/parityFixture.ts';
import { ensureChromium } from '../setup.mjs';

export type Compared = Awaited<ReturnType<typeof compareRun>>;

const PAGE = fileURLToPath(new URL('../../test-results/parity-page', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Gives `compare` a way to play runs of a folder of fixtures in Chromium, on WASM with threads as the app has it. */
export async function inChromium<Result>(
  folder: string,
  compare: (play: (model: string, run: string) => Promise<Compared>) => Promise<Result>,
): Promise<Result> {
  execFileSync(process.execPath, [fileURLToPath(new URL('buildPage.mjs', import.meta.url)), PAGE]);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname.slice(1);
    const fixture = /^fixtures\/(.*)/.exec(path)?.[1];
    const file = fixture ? resolve(folder, fixture) : join(PAGE, path || 'index.html');
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
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'parity' in window);
    return await compare((model, run) => playOn(page, model, run));
  } finally {
    await browser.close();
    server.close();
  }
}

function playOn(page: Page, model: string, run: string): Promise<Compared> {
  return page.evaluate(
    (args) => (window as unknown as { parity(...args: string[]): Promise<Compared> }).parity(...args),
    [model, run, 'wasm'],
  );
}
