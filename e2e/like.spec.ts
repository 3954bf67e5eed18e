import { writeFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { encodeGrayPng } from '../src/core/png.ts';
import { fromCocoRle, rleIncludes } from '../src/core/rle.ts';
import { App, SOON, test } from './app.ts';

const SIZE = { width: 320, height: 180 };
const DISCS = [
  { x: 80, y: 60 },
  { x: 240, y: 120 },
];

test('what looks like an object is proposed, and becomes another one of its name', async ({ page }, info) => {
  const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => {
    const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
    return DISCS.some((disc) => Math.hypot(x - disc.x, y - disc.y) < 30) ? 220 : 40;
  });
  const path = info.outputPath('discs.png');
  await writeFile(path, await encodeGrayPng(pixels, SIZE));
  const app = new App(page);
  await app.goto();
  await app.openFile(path);
  await app.ready();
  await app.dragBox(45 / 320, 25 / 180, 115 / 320, 95 / 180);
  await app.hasMask(1, 0, 'prompted');
  await app.ready();

  await app.button('Find more like this').click();
  const list = page.getByRole('list', { name: 'Like Object 1' });
  const found = list.getByRole('button', { name: /frame 0, \d+ % alike/ });
  await expect(found).toHaveCount(1);
  await found.click();
  await expect
    .poll(async () => (await app.state()).objects.map(({ name }) => name), SOON)
    .toEqual(['Object 1', 'Object 1']);
  expect(rleIncludes(fromCocoRle((await app.mask(2, 0))!), DISCS[1]!)).toBe(true);
  expect(rleIncludes(fromCocoRle((await app.mask(2, 0))!), DISCS[0]!)).toBe(false);
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
});
