import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { unzipSync } from 'fflate';
import { decodePng } from '../src/core/decodePng.ts';
import { parsePromptFile } from '../src/core/promptFile.ts';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea, rleIou } from '../src/core/rle.ts';
import { App, test } from './app.ts';
import { fixture } from './barCode.ts';

test('masks leave by purpose: COCO, a matte and a cut-out, from the click to the files', async ({ page }) => {
  const app = new App(page);
  const dialog = page.getByRole('dialog', { name: 'Export' });
  const format = dialog.getByRole('listbox', { name: 'Format' });
  const contents = dialog.getByTestId('export-contents');
  const first = dialog.getByRole('list', { name: 'First files' }).getByRole('listitem');
  const save = async () => {
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    const file = await download;
    await expect(dialog).toContainText('on its way to your downloads');
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  // No test can press a button of the browser's own: a folder of the page's storage stands in for one that is chosen.
  await page.addInitScript(() => {
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle('out', { create: true }),
    });
  });
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.clickAt(0.25, 0.62);
  await app.hasMask(1, 0, 'prompted');
  await page.keyboard.press('t');
  await app.hasMask(1, 5, 'tracked');
  await app.ready();
  const mask = fromCocoRle((await app.mask(1, 0))!);
  await app.button('Export').click();

  await test.step('COCO, every fourth frame, with names of one’s own', async () => {
    await format.selectOption('COCO');
    await dialog.getByRole('spinbutton', { name: 'Every Nth frame' }).fill('4');
    await dialog.getByRole('textbox', { name: 'Names of frames' }).fill('shot_####');
    await expect(contents).toContainText('1 file · 6 frames · 1 object');
    await expect(first).toHaveText(['tiny.json']);
    await expect(dialog.getByTestId('export-preview')).toContainText(/About \d+ kB/);
    const { name, bytes } = await save();
    expect(name).toBe('tiny-coco.json');
    const { images, annotations } = JSON.parse(bytes.toString()) as {
      images: { file_name: string }[];
      annotations: { image_id: number; segmentation: unknown; attributes: object }[];
    };
    expect(images.map(({ file_name }) => file_name)).toEqual(
      [0, 4, 8, 12, 16, 20].map((frame) => `shot_${String(frame).padStart(4, '0')}.jpg`),
    );
    const coco = annotations.find(({ image_id }) => image_id === 1);
    expect(rleIou(fromCocoRle(coco?.segmentation), mask)).toBe(1);
    const made = { model: 'embedded', model_version: expect.stringMatching(/^\w{12}$/) as unknown };
    expect(coco?.attributes).toEqual({ origin: 'click', ...made });
    expect(annotations.find(({ image_id }) => image_id === 2)?.attributes).toEqual({
      origin: 'track',
      ...made,
    });
  });

  await test.step('a name without a number cannot be saved', async () => {
    await dialog.getByRole('textbox', { name: 'Names of frames' }).fill('shot');
    await expect(dialog).toContainText('A name needs a # for each digit');
    await expect(dialog.getByRole('button', { name: 'Save', exact: true })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await dialog.getByRole('textbox', { name: 'Names of frames' }).fill('#####');
  });

  await test.step('a matte of 16 bits, numbered without gaps', async () => {
    await format.selectOption('Matte');
    await dialog.getByRole('checkbox', { name: '16 bits instead of 8' }).check();
    await expect(first).toContainText([
      'frames.json',
      'Object 1/Object 1.0001.png',
      'Object 1/Object 1.0002.png',
    ]);
    const { name, bytes } = await save();
    expect(name).toBe('tiny-matte16.zip');
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toHaveLength(7);
    const png = await decodePng(files['Object 1/Object 1.0001.png']!, 'matte');
    expect(png).toMatchObject({ kind: 'gray', depth: 16, width: mask.width, height: mask.height });
    expect(png.samples.filter((value) => value === 65535)).toHaveLength(rleArea(mask));
  });

  await test.step('a cut-out has the colours of the frame and straight alpha', async () => {
    await format.selectOption('Cut-out');
    const { bytes } = await save();
    const png = await decodePng(unzipSync(bytes)['Object 1/Object 1.0001.png']!, 'cutout');
    expect(png).toMatchObject({ kind: 'rgb-alpha', depth: 8, width: mask.width, height: mask.height });
    const shown = Array.from({ length: mask.width * mask.height }, (_, i) => i * 4).filter(
      (at) => png.samples[at + 3] === 255,
    );
    expect(shown).toHaveLength(rleArea(mask));
    // What was clicked is bright; an alpha that had been multiplied in would leave it so, a missing frame would not.
    const brightness = shown.reduce((sum, at) => sum + png.samples[at]!, 0) / shown.length;
    expect(brightness).toBeGreaterThan(100);
  });

  await test.step('the prompts, as a file for npm run track', async () => {
    await format.selectOption('Prompts');
    const { name, bytes } = await save();
    expect(name).toBe('tiny-prompts.zip');
    const json = Buffer.from(unzipSync(bytes)['prompts.json']!).toString();
    const { objects, settings } = parsePromptFile(JSON.parse(json));
    expect(objects).toMatchObject([{ id: 1, prompts: [{ frame: 0, points: [{ label: 1 }] }] }]);
    expect(settings).toMatchObject({ allowOverlap: false });
  });

  await test.step('into a folder: what is whole stays where the disk is full, and the export goes on', async () => {
    await format.selectOption('DAVIS');
    await page.evaluate(() => {
      let opened = 0;
      const { prototype } = FileSystemDirectoryHandle;
      const getFileHandle = Reflect.get(prototype, 'getFileHandle');
      prototype.getFileHandle = function (this: FileSystemDirectoryHandle, ...args) {
        document.documentElement.dataset.opened = String(++opened);
        if (opened === 4) return Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
        return getFileHandle.apply(this, args);
      };
    });
    await dialog.getByRole('button', { name: 'Save to a folder' }).click();
    await expect(dialog.getByRole('alert')).toContainText(
      'There is no space left to write the file. Free some disk space, then try again. The files that are whole are in the folder “tiny-davis”.',
    );
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await expect(dialog).toContainText('saved to the folder “tiny-davis”.');
    await dialog.getByRole('button', { name: 'Save to a folder' }).click();
    await expect(dialog).toContainText('saved to the folder “tiny-davis-2”.');

    const found = await page.evaluate(async () => {
      const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out');
      const read = async (folder: FileSystemDirectoryHandle, at = ''): Promise<[string, number[]][]> => {
        const files: [string, number[]][] = [];
        for await (const [name, entry] of folder.entries())
          if (entry instanceof FileSystemDirectoryHandle) files.push(...(await read(entry, `${at}${name}/`)));
          else if (entry instanceof FileSystemFileHandle)
            files.push([at + name, [...new Uint8Array(await (await entry.getFile()).arrayBuffer())]]);
        return files.sort(([a], [b]) => (a < b ? -1 : 1));
      };
      return {
        continued: await read(await out.getDirectoryHandle('tiny-davis')),
        whole: await read(await out.getDirectoryHandle('tiny-davis-2')),
        opened: Number(document.documentElement.dataset.opened),
      };
    });
    expect(found.continued).toEqual(found.whole);
    // No whole file was written again.
    expect(found.opened).toBe(2 * found.whole.length + 1);
    const name = 'Annotations/tiny/00000.png';
    const png = await decodePng(Uint8Array.from(new Map(found.whole).get(name)!), name);
    expect(png.samples.filter((value) => value === 1)).toHaveLength(rleArea(mask));
  });

  await test.step('an export that is cancelled leaves the files that are whole, and nothing to go on with', async () => {
    await page.evaluate(() => {
      let opened = 0;
      const { prototype } = FileSystemDirectoryHandle;
      const getFileHandle = Reflect.get(prototype, 'getFileHandle');
      prototype.getFileHandle = async function (this: FileSystemDirectoryHandle, ...args) {
        if (++opened === 4)
          await new Promise((resolve) => document.addEventListener('go-on', resolve, { once: true }));
        return getFileHandle.apply(this, args);
      };
    });
    await dialog.getByRole('button', { name: 'Save to a folder' }).click();
    await expect(dialog).toContainText(/Frame \d of 6/);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.evaluate(() => document.dispatchEvent(new Event('go-on')));
    await expect(dialog.getByRole('button', { name: 'Save to a folder' })).toBeVisible();
    await expect(dialog.getByRole('alert')).toBeHidden();
    await expect(dialog.getByRole('button', { name: 'Go on' })).toBeHidden();
    const sizes = await page.evaluate(async () => {
      const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out');
      const root = await out.getDirectoryHandle('tiny-davis-3');
      const masks = await (await root.getDirectoryHandle('Annotations')).getDirectoryHandle('tiny');
      const found: number[] = [];
      for await (const entry of masks.values())
        if (entry instanceof FileSystemFileHandle) found.push((await entry.getFile()).size);
      return found;
    });
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.length).toBeLessThan(6);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    await format.selectOption('Cut-out');
  });

  await test.step('the last choice is there again', async () => {
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.reload();
    await app.ready();
    await app.button('Export').click();
    await expect(format).toHaveValue('cutout');
    await format.selectOption('Project');
    const { name } = await (async () => {
      const download = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      return { name: (await download).suggestedFilename() };
    })();
    expect(name).toBe('tiny.masklet');
  });
});
