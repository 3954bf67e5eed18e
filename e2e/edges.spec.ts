import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { unzipSync } from 'fflate';
import { decodePng } from '../src/core/decodePng.ts';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea } from '../src/core/rle.ts';
import { App, SOON, test } from './app.ts';

/** Sees the pictures of masks that the stage shows, and how many pixels of each are partly transparent. */
function watchMasks(app: App) {
  const canvas = app.stage.locator('canvas').nth(1);
  return canvas.evaluateHandle((watched: HTMLCanvasElement) => {
    const { masklet } = window as unknown as { masklet: { state(): { phase: string } } };
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const context = watched.getContext('2d')!;
    const seen = new Map<number, number>();
    /** Gives how many pictures were seen. */
    const look = () => {
      const { data } = context.getImageData(0, 0, watched.width, watched.height);
      let [place, soft] = [0, 0];
      for (let at = 3; at < data.length; at += 4) {
        place += data[at]! * (at % 10_007);
        soft += Number(data[at]! > 0 && data[at]! < 255);
      }
      return seen.set(place, soft).size;
    };
    const lookWhilePlaying = async () => {
      while (masklet.state().phase !== 'playing') await nextFrame();
      while (masklet.state().phase === 'playing') {
        look();
        await nextFrame();
      }
    };
    return { look, lookWhilePlaying, softness: () => [...seen.values()] };
  });
}

/** Plays the clip once in its own time. Gives the softness of the pictures that were seen. */
async function play(app: App): Promise<number[]> {
  await app.goToFrame(0);
  await app.ready();
  const watch = await watchMasks(app);
  // Playing may be over in a moment: the watch has begun before it does.
  const played = await watch.evaluateHandle(({ lookWhilePlaying }) => ({ end: lookWhilePlaying() }));
  await app.page.keyboard.press(' ');
  await played.evaluate(({ end }) => end);
  return watch.evaluate(({ softness }) => softness());
}

/**
 * Plays the clip once by the page's clock, which stands still while a picture is made, as on a machine that is as fast as one likes. Gives
 * the softness of every frame's picture.
 */
async function playInSteps(app: App): Promise<number[]> {
  const watch = await watchMasks(app);
  const look = () => watch.evaluate(({ look }) => look());
  await look();
  await app.page.keyboard.press(' ');
  for (let state = await app.state(); state.phase === 'playing'; state = await app.state()) {
    await expect.poll(look, SOON).toBe(state.frame + 1);
    // A quarter of what a frame takes: none is left out.
    await app.page.clock.runFor(40);
  }
  return watch.evaluate(({ softness }) => softness());
}

/** Counts by brightness: black, grey, white. */
function shares(samples: ArrayLike<number>): { black: number; grey: number; white: number } {
  const count = { black: 0, grey: 0, white: 0 };
  for (const value of Array.from(samples)) count[value === 0 ? 'black' : value === 255 ? 'white' : 'grey']++;
  return count;
}

test('an edge is set without a change of the masks, shows at once, and is exported and kept', async ({
  page,
}) => {
  const app = new App(page);
  await app.openDisc();
  const area = rleArea(fromCocoRle((await app.mask(1, 0))!));
  await page.keyboard.press('4');
  /** The stage's pixels in the look Matte, counted. */
  const shown = async () => {
    const png = await page.getByTestId('stage').screenshot();
    return page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const values = data.filter((_, at) => at % 4 === 0);
      return {
        grey: values.filter((value) => value > 40 && value < 215).length,
        white: values.filter((value) => value >= 215).length,
      };
    }, png.toString('base64'));
  };
  const plain = await shown();

  await test.step('Grow and Feather show on the stage', async () => {
    await page.getByText('Edge of Object 1').click();
    const grow = page.getByRole('slider', { name: 'Grow' });
    await grow.focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
    await expect(grow).toHaveAttribute('aria-valuetext', '6 px');
    await expect.poll(async () => (await shown()).white).toBeGreaterThan(plain.white * 1.05);
    await page.getByRole('slider', { name: 'Feather' }).focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await shown()).grey).toBeGreaterThan(plain.grey * 2);
    expect(rleArea(fromCocoRle((await app.mask(1, 0))!))).toBe(area);
  });

  const dialog = page.getByRole('dialog', { name: 'Export' });
  const save = async (format: string) => {
    await dialog.getByRole('listbox', { name: 'Format' }).selectOption(format);
    await dialog.getByRole('radio', { name: /With masks/ }).check();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    return unzipSync(await readFile(await (await download).path()));
  };
  let grown = 0;

  await test.step('masks are exported grown, mattes soft as well', async () => {
    await app.button('Export').click();
    const ids = await decodePng((await save('PNG masks'))['masks/00000.png']!, 'masks');
    grown = ids.samples.filter((value) => value === 1).length;
    expect(grown).toBeGreaterThan(area * 1.05);
    const matte = await decodePng((await save('Matte'))['Object 1/Object 1.0001.png']!, 'matte');
    const { grey, white } = shares(matte.samples);
    expect(grey).toBeGreaterThan(200);
    expect(white).toBeLessThan(grown);
  });

  await test.step('soft pixels of a cut-out have the colour of the object, not that of what is behind it', async () => {
    const { samples } = await decodePng((await save('Cut-out'))['Object 1/Object 1.0001.png']!, 'cut-out');
    const brightness = { soft: [0], opaque: [0] };
    for (let at = 0; at < samples.length; at += 4) {
      const alpha = samples[at + 3]!;
      if (alpha > 0) brightness[alpha === 255 ? 'opaque' : 'soft'].push(samples[at]!);
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / (values.length - 1);
    expect(brightness.soft.length).toBeGreaterThan(200);
    expect(mean(brightness.soft)).toBeGreaterThan(0.88 * mean(brightness.opaque));
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('it is work: undo takes each change back, and it is there after a reload', async () => {
    const feather = page.getByRole('slider', { name: 'Feather' });
    await page.keyboard.press('Control+z');
    await expect(feather).toHaveAttribute('aria-valuetext', '7 px');
    await app.isSaved();
    await page.reload();
    await app.ready();
    await app.hasMask(1, 0, 'prompted');
    await page.getByText('Edge of Object 1').click();
    await expect(feather).toHaveAttribute('aria-valuetext', '7 px');
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.keyboard.press('4');
    // The mark of the click may show or not.
    await expect.poll(async () => (await shown()).white / plain.white).toBeCloseTo(1, 2);
    expect((await shown()).grey).toBeLessThan(plain.grey * 1.5);
  });
});

test('edges show while a clip plays, and stay away where they would not keep up', async ({ page }) => {
  await page.clock.install();
  const app = new App(page);
  await app.openDisc();
  await page.keyboard.press('t');
  await app.hasMask(1, 23, 'tracked');
  await app.ready();
  await page.keyboard.press('4');
  await page.getByText('Edge of Object 1').click();
  for (let i = 0; i < 2; i++) await page.keyboard.press(',');

  await test.step('at a quarter of the speed every frame has its edges', async () => {
    await app.goToFrame(0);
    await app.ready();
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
    await page.getByRole('slider', { name: 'Feather' }).focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    const watch = await watchMasks(app);
    await expect
      .poll(() => watch.evaluate(({ look, softness }) => (look(), softness().at(-1))), SOON)
      .toBeGreaterThan(200);
    const soft = await playInSteps(app);
    expect(soft).toHaveLength(24);
    for (const count of soft) expect(count).toBeGreaterThan(200);
    await page.clock.resume();
  });

  await test.step('at four times the speed, with edges that take long, none but the first has', async () => {
    await page.getByRole('slider', { name: 'Fine detail' }).focus();
    await page.keyboard.press('End');
    for (let i = 0; i < 4; i++) await page.keyboard.press('.');
    let soft: number[] = [];
    // The clip lasts a quarter of a second, in which a busy machine may show no more than its first pictures.
    await expect(async () => {
      soft = await play(app);
      expect(soft.length).toBeGreaterThan(2);
    }).toPass();
    expect(soft.filter((count) => count > 0).length).toBeLessThan(2);
  });
});
