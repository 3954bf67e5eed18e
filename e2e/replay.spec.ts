import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, type TestInfo } from '@playwright/test';
import { unzipSync } from 'fflate';
import { decodePng } from '../src/core/decodePng.ts';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { encodeRle, rleArea, rleIou, type MaskRle } from '../src/core/rle.ts';
import { App, REAL, SOON, test } from './app.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Without loss: every decoder gives the same pixels of it. A video's colours differ by one in 255 between the browser and ffmpeg. */
const CLIP = join(ROOT, 'e2e/fixtures/animated.png');
const SIZE = { width: 320, height: 180 };
const FRAMES = 6;

async function openClip(app: App): Promise<void> {
  await app.goto();
  await app.openFile(CLIP);
  await app.ready();
  await app.clickAt(60 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
}

/** Saves the prompts as the page exports them, and has `npm run track` make masks of them. @returns its folder of masks */
async function replay(app: App, model: string, info: TestInfo): Promise<string> {
  const { page } = app;
  await app.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('listbox', { name: 'Format' }).selectOption('Prompts');
  await dialog.getByRole('radio', { name: /^All/ }).check();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const files = unzipSync(await readFile(await (await download).path()));
  await dialog.getByRole('button', { name: 'Close' }).click();
  const folder = info.outputPath('replay');
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  const out = join(folder, 'masks');
  const args = ['--prompts', join(folder, 'prompts.json'), '--model', model, '--binary', '--out', out];
  await promisify(execFile)('node', ['--import', 'tsx', 'tools/track.ts', CLIP, ...args], { cwd: ROOT });
  return out;
}

/** The masks of an object, as the page and as the command made them, frame by frame. */
async function bothMasks(app: App, folder: string, id: number): Promise<[page: MaskRle, command: MaskRle][]> {
  const pairs: [MaskRle, MaskRle][] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const file = join(folder, 'binary', `${id}-Object ${id}`, `${String(frame).padStart(5, '0')}.png`);
    const { samples } = await decodePng(await readFile(file), file);
    const made = encodeRle(
      Uint8Array.from(samples, (value) => Number(value > 0)),
      SIZE,
    );
    pairs.push([fromCocoRle((await app.mask(id, frame))!), made]);
  }
  return pairs;
}

test('what the page tracked, npm run track makes again of its prompts, pixel by pixel', async ({
  page,
}, info) => {
  const app = new App(page);
  await openClip(app);
  await test.step('three objects: of a click, of a box with a point, and painted', async () => {
    await app.button('Add object').click();
    await app.goToFrame(4);
    await app.dragBox(0.7, 0.5, 0.9, 0.8);
    await app.clickAt(0.75, 0.3);
    await app.hasMask(2, 4, 'prompted');
    await app.button('Add object').click();
    await app.goToFrame(1);
    await page.keyboard.press('b');
    await app.dragBox(0.3, 0.5, 0.4, 0.7);
    await app.hasMask(3, 1, 'prompted');
    await page.keyboard.press('q');
    await app.ready();
  });
  await test.step('the clip is tracked, and once more as a whole', async () => {
    for (const run of ['what is missing', 'all']) {
      await page.keyboard.press('t');
      await expect.poll(async () => (await app.state()).phase, { ...SOON, message: run }).toBe('tracking');
      await app.ready();
    }
  });
  const folder = await replay(app, 'fixtures/models/painted', info);
  for (const id of [1, 2, 3]) {
    const masks = await bothMasks(app, folder, id);
    for (const [frame, [ours, theirs]] of masks.entries())
      expect(theirs, `object ${id} on frame ${frame}`).toEqual(ours);
    expect(masks.some(([mask]) => rleArea(mask) > 100)).toBe(true);
  }
  await rm(folder, { recursive: true });
});

test('with the real model, it makes nearly the same masks', REAL, async ({ page }, info) => {
  const app = new App(page);
  await openClip(app);
  await page.keyboard.press('t');
  await app.hasMask(1, FRAMES - 1, 'tracked');
  await app.ready();
  const masks = await bothMasks(app, await replay(app, 'embedded', info), 1);
  // The runtimes of the browser and of Node add in another order.
  for (const [frame, [ours, theirs]] of masks.entries())
    expect(rleIou(theirs, ours), `frame ${frame}`).toBeGreaterThan(0.99);
});
