import { chromium, expect, type Locator, type Page } from '@playwright/test';
import { App, test } from './app.ts';
import { blockModel, fixture } from './barCode.ts';
import { STAGE_GPU } from './chromiumGpu.ts';

/** The largest mean difference of an 8-bit value between the two ways of drawing: edges are smoother on the GPU. */
const TOLERANCE = 0.85;

/** What the stage is made to show, one after the other: pixels as squares, each look, at last a frame without masks. */
const KEYS = ['+', '+', '+', '0', 'v', 'v', 'v', 'v', 'v', 'v', 'ArrowRight'];

/** A soft edge takes about as many runs of kernels, on each frame; what else is drawn takes one, also for each key. */
const KERNELS_OF_EDGES = 40;

/** Runs of the stage's kernels so far. */
async function dispatches(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { masklet } = window as unknown as { masklet: { census(): Promise<{ dispatches: number }> } };
    return (await masklet.census()).dispatches;
  });
}

/** The stage, with the pane beside it. */
function panes({ stage }: App): Locator {
  return stage.locator('xpath=../..');
}

/** What the stage shows, once it has stopped changing and is not as it was `before`. */
async function settled(app: App, before: Buffer | undefined): Promise<Buffer> {
  let [last, now] = [before, before];
  await expect
    .poll(async () => {
      [last, now] = [now, await panes(app).screenshot()];
      return last?.equals(now) === true && before?.equals(now) !== true;
    })
    .toBe(true);
  return now!;
}

/** Mean difference of two screenshots, of 255. */
function difference(page: Page, a: Buffer, b: Buffer): Promise<number> {
  return page.evaluate(
    async (images) => {
      const [left, right] = await Promise.all(
        images.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      const sum = left!.reduce((total, value, i) => total + Math.abs(value - right![i]!), 0);
      return sum / (0.75 * left!.length);
    },
    [a.toString('base64'), b.toString('base64')],
  );
}

test('with a GPU the stage looks the same in every look, and goes on without it when it is lost', async () => {
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  const { baseURL } = test.info().project.use;
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...args, ...STAGE_GPU],
  });
  const context = await browser.newContext({
    ...(baseURL && { baseURL }),
    viewport: { width: 900, height: 560 },
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const app = new App(page);
  await blockModel(app);
  await page.goto('/?stage=software');
  await app.openFile(fixture('tiny.mp4'));
  await expect(app.stage).toBeVisible();
  await expect.poll(() => app.renderer()).toBe('gpu');
  await page.keyboard.press('b');
  await app.dragBox(0.2, 0.3, 0.6, 0.6);
  await app.button('Add object').click();
  await app.dragBox(0.2, 0.7, 0.6, 0.4);
  // A shape and a soft edge, which the GPU makes.
  await page.getByText('Edge of Object 2').click();
  for (const name of ['Grow', 'Smooth', 'Fine detail', 'Feather']) {
    await page.getByRole('slider', { name }).focus();
    await page.keyboard.press('PageUp');
  }
  await page.getByText('Edge of Object 2').click();
  await page.keyboard.press('q');
  await page.mouse.move(0, 0);
  const painted = await settled(app, undefined);
  const dispatchesBefore = await dispatches(page);
  const onGpu: Buffer[] = [];
  for (const key of KEYS) {
    await page.keyboard.press(key);
    onGpu.push(await settled(app, onGpu.at(-1) ?? painted));
    // Shapes are kept while only the view changes.
    if (key === '+') expect(await dispatches(page)).toBe(dispatchesBefore);
  }
  expect((await dispatches(page)) - dispatchesBefore).toBeGreaterThan(KERNELS_OF_EDGES);
  const { objects } = await app.state();
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await expect.poll(() => app.renderer()).toBe('canvas');
  const notice = app.alert.filter({ hasText: 'graphics card' });
  await expect(notice).toContainText('Your work is kept');
  // It takes room from the stage.
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  expect((await app.state()).objects).toEqual(objects);
  // Back to where the keys begin.
  for (const key of ['ArrowLeft', 'v']) await page.keyboard.press(key);
  for (const [i, key] of KEYS.entries()) {
    await page.keyboard.press(key);
    const off = async () => difference(page, onGpu[i]!, await panes(app).screenshot());
    await expect.poll(off, `after key ${i}, ${key}`).toBeLessThan(TOLERANCE);
  }
  await browser.close();
});
