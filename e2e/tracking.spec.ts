import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea, rleIou } from '../src/core/rle.ts';
import { readPng } from '../src/core/testing/readPng.ts';
import { App, SOON, REAL, test } from './app.ts';
import { blockModel } from './barCode.ts';

const fixture = (name: string) => resolve(import.meta.dirname, 'fixtures', name);
const RANDOM_MODEL = resolve(import.meta.dirname, '../fixtures/models/sam2.1-tiny-random');
const BIKES = resolve(import.meta.dirname, '../../shared/data/bikes.mp4');

/** A small clip of a disk that moves to the right; the model is the real one. */
class Tracking extends App {
  async open(name: string): Promise<void> {
    await this.goto();
    await this.openFile(fixture(name));
    await this.ready();
  }

  /** Clicks on the disk where it is on a frame. */
  async clickDisk(frame: number): Promise<void> {
    await this.clickAt((60 + 4 * frame) / 320, 110 / 180);
    await this.ready();
  }

  /** Presses Track, or a key for it, and waits for the end of the run. */
  async track(key = 't'): Promise<void> {
    await this.page.keyboard.press(key);
    await expect(this.page.getByRole('status')).toContainText(/Tracked \d+ frames?/, { timeout: 180_000 });
    await this.ready();
  }

  /** Frames that have a status, as a list. */
  async frames(status: string, id = 1): Promise<number[]> {
    const object = (await this.state()).objects.find((each) => each.id === id);
    return Object.entries(object?.frames ?? {}).flatMap(([frame, entry]) =>
      entry.status === status ? [Number(frame)] : [],
    );
  }

  async masks(frames: readonly number[], id = 1) {
    return Promise.all(frames.map((frame) => this.mask(id, frame)));
  }

  /** Chooses an item of the menu that a button opens. */
  async choose(menu: string, item: string): Promise<void> {
    await this.button(menu).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Sets the marks, and comes back to the first of the two frames. */
  async mark(first: number, last: number): Promise<void> {
    await this.goToFrame(last);
    await this.page.keyboard.press('o');
    await this.goToFrame(first);
    await this.page.keyboard.press('i');
  }
}

test(
  'a correction changes only what follows from it, and undo gives the very masks back',
  REAL,
  async ({ page }) => {
    const app = new Tracking(page);
    await app.open('tiny.mp4');
    await app.mark(4, 12);
    await app.clickDisk(4);
    await app.track();
    expect(await app.frames('tracked')).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    const first = await app.masks([5, 6, 7, 8, 9, 10, 11, 12]);

    await test.step('stale from the correction on, then tracked anew from there', async () => {
      await app.goToFrame(8);
      await app.clickDisk(8);
      expect(await app.frames('stale')).toEqual([9, 10, 11, 12]);
      expect(await app.frames('tracked')).toEqual([5, 6, 7]);
      await app.track();
      await expect(page.getByRole('status')).toContainText('Tracked 4 frames');
      expect(await app.frames('stale')).toEqual([]);
      expect(await app.masks([5, 6, 7])).toEqual(first.slice(0, 3));
    });

    await test.step('undone: the very masks', async () => {
      await app.button('Undo').click();
      expect(await app.frames('stale')).toEqual([9, 10, 11, 12]);
      await app.button('Undo').click();
      expect(await app.frames('tracked')).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
      expect(await app.masks([5, 6, 7, 8, 9, 10, 11, 12])).toEqual(first);
    });

    await test.step('locked frames stay, and stop what follows', async () => {
      await app.mark(9, 10);
      await page.keyboard.press('l');
      await app.clickDisk(9);
      await expect(app.notice).toContainText('locked on frame 9');
      await app.goToFrame(7);
      await app.clickDisk(7);
      expect(await app.frames('stale')).toEqual([8]);
      await app.mark(0, 23);
      await app.goToFrame(6);
      await app.track('Shift+F');
      expect(await app.masks([9, 10])).toEqual(first.slice(4, 6));
    });
  },
);

test('a second object is tracked alone, and a run that was cancelled goes on where it ended', async ({
  page,
}) => {
  const app = new Tracking(page);
  await app.open('tiny.mp4');
  await app.mark(2, 6);
  await app.clickDisk(2);
  await app.track();
  const disk = await app.masks([3, 4, 5, 6]);

  await app.goToFrame(2);
  await app.button('Add object').click();
  await app.clickAt(0.97, 0.06);
  await app.hasMask(2, 2, 'prompted');
  await app.ready();
  await app.track();
  await expect(page.getByRole('status')).toContainText('Tracked 4 frames');
  expect(await app.masks([3, 4, 5, 6])).toEqual(disk);

  await page.keyboard.press('Shift+I');
  await app.button('Delete Object 2').click();
  await app.button('Track').click();
  await app.hasMask(1, 8, 'tracked');
  await app.button('Stop').click();
  await app.ready();
  const done = (await app.frames('tracked')).filter((frame) => frame > 6);
  expect(done[0]).toBe(7);
  const kept = await app.masks(done);
  await app.mark(0, Math.max(...done) + 2);
  await app.track();
  // Frames 0 and 1 before the click, and two behind the end of the former run.
  await expect(page.getByRole('status')).toContainText('Tracked 4 frames');
  expect(await app.masks(done)).toEqual(kept);
  const last = fromCocoRle((await app.mask(1, Math.max(...done) + 2))!);
  const before = fromCocoRle((await app.mask(1, Math.max(...done)))!);
  expect(rleIou(last, before)).toBeGreaterThan(0.6);

  await test.step('one frame at a time, with the playhead', async () => {
    await page.keyboard.press('Shift+I');
    await app.goToFrame(Math.max(...done) + 2);
    await app.track('g');
    await expect(page.getByRole('status')).toContainText('Tracked 1 frame');
    expect((await app.state()).frame).toBe(Math.max(...done) + 3);
  });
});

test('Track fast fills in masks between anchor frames, says so, and Track has the model make them', async ({
  page,
}) => {
  const app = new Tracking(page);
  await app.open('tiny.mp4');
  await app.mark(0, 12);
  await app.clickDisk(0);
  await app.button('More ways to track').click();
  await page.getByRole('menuitem', { name: /Track fast/ }).click();
  await expect(page.getByRole('status')).toContainText('Tracked 12 frames');
  await app.ready();
  const filled = await app.frames('interpolated');
  expect(filled.length).toBeGreaterThan(4);
  expect(await app.frames('tracked')).toEqual(
    Array.from({ length: 12 }, (_, i) => i + 1).filter((frame) => !filled.includes(frame)),
  );
  const fast = await app.masks(filled);
  await app.goToFrame(filled[0] ?? 0);
  await expect(page.getByRole('list', { name: 'Objects' })).toContainText('Filled in');
  await expect(page.getByRole('listitem', { name: `${filled.length} filled in` })).toBeVisible();
  await app.isSaved();

  await page.reload();
  await app.ready();
  expect(await app.frames('interpolated')).toEqual(filled);
  expect(await app.masks(filled)).toEqual(fast);

  await app.track();
  expect(await app.frames('interpolated')).toEqual([]);
  const whole = await app.masks(filled);
  for (const [i, mask] of whole.entries())
    expect(rleIou(fromCocoRle(mask!), fromCocoRle(fast[i]!)), `frame ${filled[i]}`).toBeGreaterThan(0.9);
});

test('masks are decoded again in detail: what is better is kept, said to be so, and taken back in one step', async ({
  page,
}) => {
  const app = new Tracking(page);
  await app.open('tiny.mp4');
  await app.mark(0, 8);
  await app.clickDisk(0);
  const pass = app.button('Decode this object’s masks again in detail');
  await expect(pass).toHaveAttribute('aria-disabled', 'true');
  await app.track();
  const frames = await app.frames('tracked');
  const before = await app.masks(frames);
  await app.goToFrame(3);
  await page.keyboard.press('y');

  await pass.click();
  await expect(page.getByRole('status')).toContainText(/Decoded 7 masks in detail: \d+ are finer now/);
  await app.ready();
  const detailed = await app.frames('detailed');
  expect(detailed.length).toBeGreaterThan(2);
  expect(detailed).not.toContain(3);
  expect([...detailed, ...(await app.frames('tracked'))].sort((a, b) => a - b)).toEqual(frames);
  const masks = await app.masks(frames);
  for (const [i, frame] of frames.entries())
    if (!detailed.includes(frame)) expect(masks[i]).toEqual(before[i]);
  await app.goToFrame(detailed[0] ?? 0);
  await expect(page.getByRole('list', { name: 'Objects' })).toContainText('In detail');
  await expect(page.getByRole('listitem', { name: `${detailed.length} in detail` })).toBeVisible();
  await app.isSaved();

  await page.reload();
  await app.ready();
  expect(await app.frames('detailed')).toEqual(detailed);
  expect(await app.masks(frames)).toEqual(masks);

  await page.keyboard.press('Control+z');
  expect(await app.frames('detailed')).toEqual([]);
  expect(await app.masks(frames)).toEqual(before);
});

test('ways to track, a frame started afresh, a mask copied, and a long run that says so', async ({
  page,
}) => {
  const app = new Tracking(page);
  await app.open('tiny.mp4');
  await app.clickDisk(0);

  await test.step('from a place with nothing behind it, by the menu', async () => {
    await app.goToFrame(4);
    await app.button('More ways to track').click();
    await page.getByRole('menuitem', { name: 'Track backward from here' }).click();
    await expect(page.getByRole('status')).toContainText('Tracked 3 frames');
    await expect(app.alert).toHaveCount(0);
    await app.ready();
    await app.goToFrame(7);
    await app.track('Shift+G');
    expect([...(await app.frames('tracked')), ...(await app.frames('absent'))]).toHaveLength(6);
  });

  await test.step('the mask of a frame goes to the next one, and a frame is started afresh', async () => {
    await app.goToFrame(0);
    await page.keyboard.press('Shift+D');
    expect((await app.state()).frame).toBe(1);
    expect(await app.mask(1, 1)).toEqual(await app.mask(1, 0));
    await expect(page.getByRole('button', { name: 'Object 1 Made by hand' })).toBeVisible();
    await app.choose('More for this frame', 'Start this frame afresh');
    expect(await app.mask(1, 1)).toBeNull();
    await expect(page.getByRole('button', { name: 'Object 1 No mask on this frame' })).toBeVisible();
  });

  await test.step('a large object goes under the small one that it covers, in the export too', async () => {
    await app.goToFrame(20);
    await app.clickDisk(20);
    await page.keyboard.press('r');
    await app.ready();
    await app.button('Add object').click();
    await app.clickAt(120 / 320, 110 / 180);
    await app.hasMask(2, 20, 'prompted');
    const [small, large] = [await app.mask(1, 20), await app.mask(2, 20)].map((mask) => fromCocoRle(mask!));
    expect(rleArea(small!)).toBeLessThan(rleArea(large!) / 2);
    expect((await app.state()).objects.map(({ id }) => id)).toEqual([2, 1]);
    const files = await app.exportFiles();
    const { pixels } = readPng(files['masks/00020.png']!);
    const count = (value: number) => pixels.filter((each) => each === value).length;
    expect(count(1)).toBe(rleArea(small!));
    expect(count(2)).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
  });

  await test.step('a run that takes long says so', async () => {
    // From here on, the page takes a second for a day.
    await page.evaluate(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() * 86_400;
    });
    await app.goToFrame(21);
    await app.track('g');
    const told = expect
      .poll(() => app.notice.allTextContents(), SOON)
      .toContainEqual(expect.stringMatching(/\d+ frames take about \d+ hours/));
    await app.button('Track').click();
    await told;
  });
});

test('tracking pauses at a shot change, and goes on behind it', async ({ page }) => {
  const app = new Tracking(page);
  await app.open('two-shots.mp4');
  const shots = page.getByRole('list', { name: 'Shot changes' }).getByRole('listitem');
  await expect(shots).toHaveCount(1);
  await expect(shots).toHaveAccessibleName('A shot begins on frame 12');
  await app.mark(8, 14);
  await app.clickDisk(8);
  await app.track();
  await expect(page.getByRole('status')).toContainText('Tracked 3 frames up to a shot change');
  expect(await app.frames('tracked')).toEqual([9, 10, 11]);
  await app.track();
  expect([...(await app.frames('tracked')), ...(await app.frames('absent'))].length).toBe(6);

  await test.step('unless it is told to go on', async () => {
    await app.button('Undo').click();
    await app.button('Undo').click();
    await page.getByText('Tracking options').click();
    await page.getByLabel('Pause at shot changes').uncheck();
    await app.track();
    await expect(page.getByRole('status')).toContainText('Tracked 6 frames, ');
  });
});

test('a frame on which the object is lost is found as doubtful', async ({ page }) => {
  const app = new Tracking(page);
  await app.open('occlusion.mp4');
  await app.mark(6, 16);
  await app.goToFrame(6);
  await app.clickDisk(6);
  await app.track();
  expect(await app.frames('absent')).toEqual([9, 10, 11, 12, 13]);
  await page.keyboard.press('Home');
  await app.button('Next doubtful frame').click();
  expect((await app.state()).frame).toBe(9);
  await expect(page.getByRole('status')).toContainText(
    /^Object 1 is lost on 5 frames, 9 to 13 \(.*doubtful place/,
  );
  await expect(page.getByRole('list', { name: 'Lanes' }).getByRole('listitem')).toHaveAccessibleName(
    /not there on 5, \d+ doubtful$/,
  );

  await test.step('behind another one, where that one’s mask covers its place', async () => {
    await app.goToFrame(9);
    await app.button('Add object').click();
    await app.clickAt(150 / 320, 150 / 180);
    await app.hasMask(2, 9, 'prompted');
    await app.ready();
    await page.keyboard.press('Home');
    await app.button('Next doubtful frame').click();
    await expect(page.getByRole('status')).toContainText(
      /^Object 1 is lost behind Object 2 on 5 frames, 9 to 13/,
    );
  });
});

test('what looks right stays as it is until it is given back, and the frame that asks for a click is gone to', async ({
  page,
}) => {
  const app = new Tracking(page);
  await app.open('occlusion.mp4');
  await app.mark(6, 16);
  await app.goToFrame(6);
  await app.clickDisk(6);
  await app.track();
  const lane = page.getByRole('list', { name: 'Lanes' }).getByRole('listitem');

  await test.step('a frame, then all between the marks', async () => {
    await app.goToFrame(8);
    await page.keyboard.press('y');
    await expect(lane).toHaveAccessibleName(/, 1 reviewed$/);
    await app.choose('More for this frame', 'Looks right, or look again');
    await expect(lane).not.toHaveAccessibleName(/reviewed/);
    await app.mark(7, 8);
    await page.keyboard.press('Shift+y');
    await expect(lane).toHaveAccessibleName(/, 2 reviewed$/);
    await app.choose('More for this frame', 'All between the marks looks right');
    await expect(lane).not.toHaveAccessibleName(/reviewed/);
    await page.keyboard.press('Shift+y');
    await app.mark(6, 16);
  });

  await test.step('the model is followed to where most depends on a click', async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('w');
    const { frame } = await app.state();
    expect(frame).toBeGreaterThan(8);
    await page.keyboard.press('Home');
    await app.choose('More for this frame', 'Which frame next: where a click gains most');
    expect(await app.state()).toMatchObject({ frame });
    await expect(page.getByRole('status')).toContainText(/^Object 1 .* from it\. .* at the crosshair\./);
  });

  await test.step('a correction and a run leave them, until the person says otherwise', async () => {
    const before = await app.mask(1, 7);
    await app.goToFrame(6);
    await page.keyboard.press('c');
    await app.clickAt(0.05, 0.05);
    await app.ready();
    await app.track();
    expect(await app.mask(1, 7)).toEqual(before);
    await app.notice.getByRole('button', { name: 'Track them too' }).click();
    await expect.poll(() => app.mask(1, 7), { timeout: 60_000 }).not.toEqual(before);
    await expect(lane).not.toHaveAccessibleName(/reviewed/);
  });
});

test('a check tracks back, one frame or all, and leaves every mask as it is', async ({ page }) => {
  const app = new Tracking(page);
  await blockModel(app);
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await page.keyboard.press('m');
  // Random weights: its masks are nothing, but each takes milliseconds.
  await page.getByLabel('Model folder').setInputFiles(RANDOM_MODEL);
  await expect(page.getByRole('dialog')).toContainText('in use');
  await page.keyboard.press('Escape');
  await app.ready();
  await app.goToFrame(2);
  await app.clickDisk(2);
  await app.track('Shift+G');
  await expect(page.getByRole('status')).toContainText('Tracked 1 frame');
  expect((await app.state()).frame).toBe(1);
  await app.track();
  const frames = Array.from({ length: 24 }, (_, frame) => frame);
  const before = await app.masks(frames);
  const statuses = (await app.state()).objects;

  await page.keyboard.press('k');
  await expect(page.getByRole('status')).toContainText(/Checked \d+ frames? by tracking back/);
  await app.ready();
  expect(await app.masks(frames)).toEqual(before);
  expect((await app.state()).objects).toEqual(statuses);
  await expect(app.button('Undo')).toHaveAttribute('title', /check/);
  await app.button('Undo').click();
  expect(await app.masks(frames)).toEqual(before);
});

test('shot changes of a real film are found', async ({ page }) => {
  test.skip(!existsSync(BIKES), 'needs ../shared/data/bikes.mp4');
  const app = new App(page);
  await app.goto();
  await app.openFile(BIKES);
  const shots = page.getByRole('list', { name: 'Shot changes' }).getByRole('listitem');
  await expect(shots).toHaveCount(5);
  const names = await shots.evaluateAll((items) => items.map((item) => item.getAttribute('aria-label')));
  expect(names).toEqual([30, 76, 137, 187, 242].map((frame) => `A shot begins on frame ${frame}`));
});
