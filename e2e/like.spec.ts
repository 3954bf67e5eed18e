import { copyFile, writeFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { encodeGrayPng } from '../src/core/png.ts';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleIncludes, rleIou } from '../src/core/rle.ts';
import { App, SOON, test } from './app.ts';
import { fixture } from './barCode.ts';
import { disc } from './disc.ts';
import { openFromDisk } from './openFromDisk.ts';

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

test('what looks like an object is found in another clip, and waits there until it is accepted', async ({
  page,
}, info) => {
  const other = info.outputPath('other.mp4');
  await copyFile('e2e/fixtures/tiny.mp4', other);
  const app = new App(page);
  const list = page.getByRole('list', { name: 'Like Ball', exact: true });
  const elsewhere = page.getByRole('region', { name: 'Like Ball, in other clips' });
  const names = async () => (await app.state()).objects.map(({ name }) => name);

  await test.step('a clip whose disc nobody has marked is in the list of projects', async () => {
    await app.goto();
    await app.openFile(other);
    await app.ready();
    await page.keyboard.press('n');
    await page.keyboard.press('Control+z');
    await app.isSaved();
  });

  await test.step('its like is marked in another one, and looked for', async () => {
    await app.openFile('e2e/fixtures/tiny.mp4');
    await app.ready();
    await app.clickAt(80 / 320, 110 / 180);
    await app.hasMask(1, 0, 'prompted');
    await page.keyboard.press('F2');
    await page.keyboard.type('Ball');
    await page.keyboard.press('Enter');
    await app.ready();
    await app.isSaved();
    await page.keyboard.press('Alt+w');
    await expect(elsewhere).toContainText('It was found in 1 clip. 1 clip looked through.');
  });

  await test.step('it waits there until it is looked at, also after a reload', async () => {
    await elsewhere.getByRole('button', { name: 'other 2 found' }).click();
    await expect(list.getByRole('button')).toHaveCount(2);
    await page.keyboard.press('Escape');
    await app.ready();
    await app.isSaved();
    await page.reload();
    await app.ready();
    await app.button('Projects').click();
    await expect(page.getByRole('list', { name: 'Projects' })).toContainText(
      '2 things found, to be accepted',
    );
    await page.getByRole('button', { name: 'Open other' }).click();
    await app.ready();
    await app.button('Look at what was found in this clip').click();
  });

  await test.step('what is accepted is an object of the same name, whose mask is that of the disc', async () => {
    await list
      .getByRole('button', { name: /frame \d+, \d+ % alike/ })
      .first()
      .click();
    await expect.poll(names, SOON).toEqual(['Ball']);
    const { frame } = await app.state();
    await app.hasMask(1, frame, 'prompted');
    expect(rleIou(fromCocoRle((await app.mask(1, frame))!), disc(frame))).toBeGreaterThan(0.9);
    await app.button('Leave out the rest').click();
    await expect(list).toHaveCount(0);
    await expect(app.button('Look at what was found in this clip')).toHaveCount(0);
    await app.isSaved();
    await app.button('Projects').click();
    const row = page.getByRole('listitem').filter({ hasText: 'other' });
    await expect(row).toContainText('24 frames');
    await expect(row).not.toContainText('found');
  });
});

test('a clip whose video the browser asks about is looked in once a person allows it', async ({
  page,
}, info) => {
  // The browser asks about a file on the disk; one in the page's own storage is never asked about.
  await page.addInitScript(() => {
    let state = 'prompt';
    Object.assign(FileSystemFileHandle.prototype, {
      queryPermission: () => Promise.resolve(state),
      requestPermission: () => Promise.resolve((state = 'granted')),
    });
  });
  const app = await openFromDisk(page, fixture('tiny.mp4'), 'asking.mp4');
  await page.keyboard.press('n');
  await page.keyboard.press('Control+z');
  await app.isSaved();

  const marked = info.outputPath('marked.mp4');
  await copyFile('e2e/fixtures/tiny.mp4', marked);
  await app.openFile(marked);
  await app.ready();
  await app.clickAt(80 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  await app.ready();
  await page.keyboard.press('Alt+w');
  const elsewhere = page.getByRole('region', { name: 'Like Object 1, in other clips' });
  await expect(elsewhere).toContainText('No clip was looked through. 1 clip waits to be allowed.');
  await elsewhere.getByRole('button', { name: 'Allow reading the video of asking' }).click();
  await expect(elsewhere).toContainText('It was found in 1 clip. 1 clip looked through.');
  await expect(elsewhere.getByRole('button', { name: 'asking 2 found' })).toBeVisible();
});
