import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { chromium, expect, test, type BrowserContext } from '@playwright/test';
import { unzipSync } from 'fflate';
import { App } from '../e2e/app.ts';
import type { Census } from '../src/core/census.ts';
import { COMPUTING_GPU } from '../e2e/chromiumGpu.ts';

/** The whole app on a GPU that fails while a person works: the tiny SAM 2 stands for the embedded model. */

const MODEL = 'fixtures/models/sam2.1-tiny-random';

/** What a test does to the GPU of the model's worker. */
interface FailingGpu {
  readonly gpu: { readonly device: GPUDevice; isFull: boolean };
}

/** Goes before the code of the model's worker: takes an emulated GPU for a real one, and has it fail when it is told to. */
const FAILING_GPU = `
Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
for (const name of ['vendor', 'architecture', 'device', 'description'])
  Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => 'emulated' });
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (...given) {
  const device = await requestDevice.apply(this, given);
  const gpu = (self.gpu = { device, isFull: false });
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    if (gpu.isFull) {
      const error = new GPUOutOfMemoryError('none is left');
      device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
    }
    return createBuffer(descriptor);
  };
  return device;
};
`;

async function useTinyModel(context: BrowserContext): Promise<void> {
  const manifest = JSON.parse(await readFile(`${MODEL}/manifest.json`, 'utf8')) as object;
  await context.route('**/models/embedded.json', (route) =>
    route.fulfill({ json: { ...manifest, id: 'embedded' } }),
  );
  await context.route(/\/models\/[^/]+\.(onnx|bin)$/, (route) =>
    route.fulfill({ path: resolve(MODEL, basename(new URL(route.request().url()).pathname)) }),
  );
  await context.route('**/segmenter.worker*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: FAILING_GPU + (await response.text()) });
  });
}

test('a GPU whose memory is used up, that is lost, and whose process crashes costs no work, in a run and in an export', async ({
  launchOptions: { executablePath, args = [] },
  baseURL,
}) => {
  test.setTimeout(1_200_000);
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...args, ...COMPUTING_GPU],
  });
  const context = await browser.newContext({
    ...(baseURL && { baseURL }),
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
  });
  await useTinyModel(context);
  const page = await context.newPage();
  const app = new App(page);
  await app.openDisc();
  const clicked = await app.mask(1, 0);
  const segmenter = page.workers().find((each) => each.url().includes('/segmenter.worker'))!;
  const told = async (text: string) => {
    const notice = app.alert.filter({ hasText: text });
    // Of a model that is started again, an emulated GPU compiles all shaders anew.
    await expect(notice).toContainText('Your work is kept.', { timeout: 180_000 });
    await notice.getByRole('button', { name: 'Dismiss' }).click();
  };

  await test.step('in a run', async () => {
    await app.button('Track').click();
    await app.hasMask(1, 1, 'tracked');
    await segmenter.evaluate(() => void ((self as unknown as FailingGpu).gpu.isFull = true));
    await told('used up, so the model was started again and takes less of it.');
    await app.hasMask(1, 3, 'tracked');
    await segmenter.evaluate(() => (self as unknown as FailingGpu).gpu.device.destroy());
    await told('The graphics card was lost and has been started again.');
    await app.hasMask(1, 5, 'tracked');
    await app.button('Stop').click();
    await app.ready();
  });
  // Over a frame without a bitmap this browser cuts the page off from the GPU, which the model does not notice.
  const { directFrames, bitmapFrames } = await page.evaluate(() =>
    (window as unknown as { masklet: { census(): Promise<Census> } }).masklet.census(),
  );
  expect(directFrames).toBe(0);
  expect(bitmapFrames).toBeGreaterThan(0);
  const { objects } = await app.state();
  const statuses = Object.values(objects[0]!.frames).map(({ status }) => status);
  expect(statuses).toEqual(['prompted', ...Array<string>(statuses.length - 1).fill('tracked')]);
  // What was clicked is not decoded again.
  expect(await app.mask(1, 0)).toEqual(clicked);

  await test.step('in an export', async () => {
    const session = await browser.newBrowserCDPSession();
    await app.button('Export').click();
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await expect(dialog).toContainText('First files');
    const download = page.waitForEvent('download');
    await Promise.all([
      dialog.getByRole('button', { name: 'Save', exact: true }).click(),
      session.send('Browser.crashGpuProcess'),
    ]);
    const files = unzipSync(await readFile(await (await download).path()));
    expect(Object.keys(files).filter((name) => name.startsWith('masks/'))).toHaveLength(24);
    await page.keyboard.press('Escape');
    await told('The graphics card was lost');
    expect((await app.state()).objects).toEqual(objects);
    await app.ready();
    await app.goToFrame(1);
    await app.clickAt(0.25, 0.6);
    await app.hasMask(1, 1, 'prompted');
  });
  await app.isSaved();
  await browser.close();
});
