/**
 * `npm run bench:app`: how many frames a second the app tracks on the sample, as a person sees them come, and the milliseconds of
 * a click. With MASKLET_GPU=real in the environment on the machine's own GPU. See docs/performance.md.
 */
import { parseArgs } from 'node:util';
import { chromium, expect as assert } from '@playwright/test';
import { App } from '../e2e/app.ts';
import { IS_REAL_GPU, STAGE_GPU } from '../e2e/chromiumGpu.ts';
import { formatTable } from './eval/table.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { wholeNumber } from './node/usage.ts';
import { addressOf, chromiumOptions, serveApp } from './onPage.ts';

const expect = assert.configure({ timeout: 180_000 });

/** The ways to track that are compared: each after the other, on a page of its own. */
const WAYS = ['Track', 'Track fast'] as const;
/** Where on the stage objects are clicked on, on the first frame. */
const CLICKS = [
  [0.3, 0.62],
  [0.78, 0.5],
] as const;
/** The first frame that is tracked. */
const FIRST = 40;
/** Frames of a run before: until all is compiled. */
const WARM_UP = 12;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { frames: { type: 'string', default: '30' }, picture: { type: 'string' } },
  });
  const frames = wholeNumber('--frames', values.frames, 2);
  const server = await serveApp();
  const browser = await chromium.launch(await chromiumOptions(IS_REAL_GPU ? STAGE_GPU : []));
  const rows: (string | number)[][] = [];
  try {
    const runs = CLICKS.flatMap((_, i) => WAYS.map((way) => ({ objects: i + 1, way })));
    for (const { objects, way } of runs) {
      const page = await browser.newPage({
        baseURL: addressOf(server),
        viewport: { width: 1280, height: 800 },
      });
      const app = new App(page);
      await app.goto();
      await app.openSample();
      await app.goToFrame(FIRST);
      await page.keyboard.press('i');
      let clickMs = 0;
      for (let i = 0; i < objects; i++) clickMs = await click(app, i);
      await track(app, way, FIRST + WARM_UP);
      // Goes on where the warm-up has ended, with frames that the model has not seen.
      const said = await track(app, way, FIRST + WARM_UP + frames);
      const { device } = await page.evaluate(() => (window as unknown as DeviceWindow).masklet.model());
      rows.push([device.kind, device.label, await app.renderer(), objects, clickMs.toFixed(0), way, said]);
      if (values.picture !== undefined) await page.screenshot({ path: values.picture });
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
  console.log(formatTable(['model on', '', 'stage by', 'objects', 'click, ms', 'way', 'run'], rows));
  return EXIT.ok;
}

interface DeviceWindow {
  masklet: { model(): { device: { kind: string; label: string } } };
}

/** Clicks on the next object. @returns milliseconds until its mask is there */
async function click(app: App, index: number): Promise<number> {
  if (index > 0) await app.button('Add object').click();
  await app.ready();
  const [x, y] = CLICKS[index] ?? CLICKS[0];
  const start = performance.now();
  await app.clickAt(x, y);
  await expect
    .poll(async () => (await app.state()).objects[index]?.frames[FIRST]?.status, { intervals: [5] })
    .toBe('prompted');
  return performance.now() - start;
}

/** Tracks up to a frame, and gives what the status bar says of it. */
async function track(app: App, way: (typeof WAYS)[number], last: number): Promise<string> {
  await app.goToFrame(last);
  await app.page.keyboard.press('o');
  await app.ready();
  if (way === 'Track') await app.button('Track').click();
  else {
    await app.button('More ways to track').click();
    await app.page.getByRole('menuitem', { name: /Track fast/ }).click();
  }
  await expect.poll(async () => (await app.state()).phase, { intervals: [5] }).toBe('tracking');
  await app.ready();
  return (await app.page.getByRole('status').getByText('Tracked').textContent()) ?? '';
}

await runCommand(main);
