import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { chromium, expect, test, type Page } from '@playwright/test';

/**
 * SAM 2's tracker inside a browser, held to the reference on tiny random models: fixtures/models, which `tools/export`
 * writes. SwiftShader stands in for a GPU: as exact as one, though a thousand times as slow.
 */

const PAGE = resolve('test-results/parity-page');
const FIXTURES = resolve('fixtures/models');
const MODELS = ['sam2.1-tiny-random', 'sam2.1-tiny-random-five', 'edgetam-tiny-random'];
const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

interface Difference {
  readonly records: number;
  readonly logits: number;
  readonly changedPixels: number;
  readonly pixels: number;
}

async function difference(
  page: Page,
  folder: string,
  run: string,
  device: 'wasm' | 'webgpu',
): Promise<Difference> {
  const address = new URL('parity/', test.info().project.use.baseURL).href;
  await page.route(`${address}**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/parity/', '');
    const fixture = /^fixtures\/(.*)/.exec(path)?.[1];
    return route.fulfill({
      path: fixture ? resolve(FIXTURES, fixture) : resolve(PAGE, path || 'index.html'),
    });
  });
  await page.goto(address);
  await page.waitForFunction(() => 'parity' in window);
  return page.evaluate(
    (args) => (window as unknown as { parity(...args: string[]): Promise<Difference> }).parity(...args),
    [folder, run, device],
  );
}

test.beforeAll(() => {
  execFileSync(process.execPath, ['tools/parity/buildPage.mjs', PAGE], { stdio: 'inherit' });
});

for (const folder of MODELS) {
  for (const run of ['forward', 'reverse']) {
    test(`${folder} on WASM tracks as the reference does: ${run}`, async ({ page }) => {
      const { logits, changedPixels, records } = await difference(page, folder, run, 'wasm');
      expect(logits).toBeLessThan(1e-3);
      expect(changedPixels).toBe(0);
      expect(records).toBeGreaterThan(20);
    });
  }

  test(`${folder} on WebGPU tracks as the reference does`, async () => {
    // Software shaders: a minute where nothing else runs.
    test.setTimeout(600_000);
    const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
    const browser = await chromium.launch({
      ...(executablePath && { executablePath }),
      args: [...args, ...SOFTWARE_GPU],
    });
    const page = await browser.newPage();
    const { logits, changedPixels, pixels, records } = await difference(page, folder, 'forward', 'webgpu');
    await browser.close();
    expect(logits).toBeLessThan(1e-2);
    expect(changedPixels / pixels).toBeLessThanOrEqual(1e-4);
    expect(records).toBeGreaterThan(20);
  });
}
