import { expect } from '@playwright/test';
import { fromCocoRle, toCocoRle } from '../src/core/cocoRle.ts';
import { encodeRle } from '../src/core/rle.ts';
import { App, test } from './app.ts';
import { fixture } from './barCode.ts';

const SIZE = { width: 320, height: 180 };

/** A block that moves to the right. */
function block(frame: number) {
  const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) => {
    const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
    return x >= 10 + frame * 4 && x < 60 + frame * 4 && y >= 20 && y < 70 ? 1 : 0;
  });
  return encodeRle(pixels, SIZE);
}

const coco = (size: { width: number; height: number }) => ({
  name: 'swan.json',
  mimeType: 'application/json',
  buffer: Buffer.from(
    JSON.stringify({
      images: [2, 3, 30].map((frame) => ({
        id: frame + 1,
        file_name: `swan/${frame}.jpg`,
        frame_index: frame,
        ...size,
      })),
      categories: [{ id: 1, name: 'swan' }],
      annotations: [
        ...[2, 3, 30].map((frame, i) => ({
          ...{ id: i + 1, image_id: frame + 1, category_id: 1, track_id: 7 },
          segmentation: toCocoRle(block(frame)),
        })),
        {
          id: 9,
          image_id: 3,
          category_id: 1,
          track_id: 8,
          segmentation: { size: [180, 320], counts: [1, 2] },
        },
      ],
    }),
  ),
});

test('masks come in: what fits and what does not is said first, and nothing changes until it is accepted', async ({
  page,
}) => {
  const app = new App(page);
  const dialog = page.getByRole('dialog', { name: 'Import masks' });
  const input = dialog.getByLabel('Files of masks');
  const misfits = dialog.getByRole('list', { name: 'What does not fit' });
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.button('Import masks').click();

  await test.step('files that cannot be read, or are of another clip, are refused with a sentence', async () => {
    await input.setInputFiles({
      name: 'a.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"images": ['),
    });
    await expect(app.alert).toHaveText('a.json is not JSON: it may be damaged or cut off.');
    await input.setInputFiles(coco({ width: 640, height: 360 }));
    await expect(app.alert).toContainText('The masks are 640×360 pixels, but the clip is 320×180.');
  });

  await test.step('what was found is told before', async () => {
    await input.setInputFiles(coco(SIZE));
    await expect(dialog.getByTestId('import-found')).toHaveText('COCO: 1 object on 3 frames');
    await dialog.getByRole('radio', { name: 'By number' }).check();
    await expect(misfits).toContainText('1 of 3 frames are not in the clip and are left out.');
    await expect(misfits).toContainText('The run lengths of a mask add up to 3, not the 57600');
    expect((await app.state()).objects).toEqual([]);
  });

  await test.step('finished masks are there, locked, as one step that can be undone', async () => {
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(dialog).toContainText('1 object with masks on 2 frames');
    await dialog.getByRole('button', { name: 'Done' }).click();
    expect(fromCocoRle((await app.mask(1, 3))!)).toEqual(block(3));
    const [swan] = (await app.state()).objects;
    expect(swan).toMatchObject({
      name: 'swan',
      frames: { 2: { status: 'tracked' }, 3: { status: 'tracked' } },
    });
    await app.goToFrame(3);
    await app.clickAt(0.1, 0.2);
    await expect(app.notice.first()).toContainText('locked');
    await app.button('Undo').click();
    expect((await app.state()).objects).toEqual([]);
  });

  await test.step('as prompts, which Track sets out from', async () => {
    await page.keyboard.press('Shift+E');
    await input.setInputFiles(coco(SIZE));
    await dialog.getByRole('radio', { name: 'By number' }).check();
    await dialog.getByRole('radio', { name: 'Prompts' }).check();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await app.hasMask(1, 2, 'prompted');
    await page.keyboard.press('t');
    const status = async () => (await app.state()).objects[0]?.frames[4]?.status;
    // The painted model knows bright things only, and the block is none: what matters is that a run sets out from it.
    await expect.poll(status, { timeout: 60_000 }).toMatch(/^(?:tracked|absent)$/);
  });
});
