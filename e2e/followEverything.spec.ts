import { expect } from '@playwright/test';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleIncludes } from '../src/core/rle.ts';
import { App, SOON, test } from './app.ts';

/** The painted model finds what stands out by its brightness. */
class Following extends App {
  async open(name: string): Promise<void> {
    await this.goto();
    await this.openFile(`e2e/fixtures/${name}`);
    await this.ready();
  }

  /** Sets the marks: most of the time goes by the number of frames. */
  async mark(first: number, last: number): Promise<void> {
    await this.goToFrame(first);
    await this.page.keyboard.press('i');
    await this.goToFrame(last);
    await this.page.keyboard.press('o');
    await this.ready();
  }

  async frames(id: number): Promise<number[]> {
    const object = (await this.state()).objects.find((each) => each.id === id);
    return Object.keys(object?.frames ?? {}).map(Number);
  }

  /** The objects whose mask on a frame has a point. */
  async at(frame: number, x: number, y: number): Promise<number[]> {
    const { objects } = await this.state();
    const masks = await Promise.all(objects.map(({ id }) => this.mask(id, frame)));
    return objects.flatMap(({ id }, i) => {
      const mask = masks[i];
      return mask && rleIncludes(fromCocoRle(mask), { x, y }) ? [id] : [];
    });
  }
}

test('everything is found and followed in one step, which is saved, and undone at once', async ({ page }) => {
  const app = new Following(page);
  await app.open('tiny.mp4');
  await app.mark(1, 5);
  await app.button('More ways to track').first().click();
  await page.getByRole('menuitem', { name: 'Find and follow everything' }).click();
  await expect(page.getByRole('status')).toContainText(/things? found and followed/, { timeout: 110_000 });
  const disc = (await app.at(1, 64, 110))[0]!;
  expect(await app.frames(disc)).toEqual([1, 2, 3, 4, 5]);
  expect(await app.at(5, 80, 110)).toContain(disc);
  const names = (await app.state()).objects.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);

  await test.step('what is kept comes back with the page', async () => {
    await app.isSaved();
    await page.reload();
    await expect.poll(async () => (await app.state()).objects.length, SOON).toBe(names.length);
    expect(await app.at(5, 80, 110)).toContain(disc);
  });

  await test.step('undone at once', async () => {
    await app.button('Undo').click();
    expect((await app.state()).objects).toEqual([]);
    await expect(app.button('Undo')).toBeDisabled();
  });
});

test('a masklet stays in its shot, and what was there before stays as it is', async ({ page }) => {
  const app = new Following(page);
  await app.open('two-shots.mp4');
  await app.clickAt(0.25, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  const before = await app.mask(1, 0);
  await app.mark(10, 13);
  await page.keyboard.press('Shift+N');
  await expect(page.getByRole('status')).toContainText(/things? found and followed/, { timeout: 110_000 });
  expect(await app.frames(1)).toEqual([0]);
  expect(await app.mask(1, 0)).toEqual(before);
  const { objects } = await app.state();
  expect(objects.length).toBeGreaterThan(1);
  for (const { id } of objects.slice(1)) {
    const frames = await app.frames(id);
    expect(frames.every((frame) => frame < 12) || frames.every((frame) => frame >= 12)).toBe(true);
  }
});

test('stopped, it keeps what is done', async ({ page }) => {
  const app = new Following(page);
  await app.open('tiny.mp4');
  await page.keyboard.press('Shift+N');
  await expect
    .poll(async () => Object.keys((await app.state()).objects[0]?.frames ?? {}).length, SOON)
    .toBeGreaterThan(2);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('status')).toContainText(/Stopped after \d+ of 24 frames/);
  expect((await app.state()).objects.length).toBeGreaterThan(0);
  await app.button('Undo').click();
  expect((await app.state()).objects).toEqual([]);
});
