import { expect } from '@playwright/test';
import { App, test } from './app.ts';
import { blockModel, expectShown, fixture } from './barCode.ts';

/** Real bad files, and the sentence that each of them gets. */
const BAD_FILES: readonly (readonly [name: string, sentence: RegExp])[] = [
  ['not-media.txt', /“not-media\.txt” is not a video or an image/],
  ['text.mp4', /“text\.mp4” is not a video or an image/],
  ['random.mp4', /“random\.mp4” is not a video or an image/],
  ['empty.mp4', /“empty\.mp4” is empty/],
  ['truncated.mp4', /“truncated\.mp4” is damaged or incomplete: its index is missing/],
  ['cut.webm', /“cut\.webm” is damaged or incomplete/],
  ['damaged.png', /“damaged\.png” is damaged or incomplete: its picture cannot be decoded/],
  ['cut.jpg', /“cut\.jpg” is damaged or incomplete/],
  ['hevc.mp4', /“hevc\.mp4” is coded with H\.265 \(HEVC\).* cannot decode.*Convert it to H\.264/],
  ['audio-only.mp4', /“audio-only\.mp4” has sound but no picture/],
  ['zero-frames.mp4', /“zero-frames\.mp4” has a video track without a single frame/],
  ['huge.png', /“huge\.png” is 16384 × 16384 pixels.*8192/],
  ['huge.mp4', /“huge\.mp4” is 16384 × 9216 pixels.*8192/],
];

for (const [name, sentence] of BAD_FILES) {
  test(`${name}: says what is wrong and keeps what was open`, async ({ page }) => {
    const app = new App(page);
    await blockModel(app);
    await app.goto();
    await app.openFile(fixture('tiny.mp4'));
    await expectShown(app, 0);
    await app.goToFrame(3);
    await expectShown(app, 3);

    await app.openFile(fixture(name));
    await expect(app.alert.filter({ hasText: sentence })).toBeVisible();
    expect(await app.state()).toMatchObject({ frame: 3, frameCount: 24 });
    await expectShown(app, 3);
    await page.getByRole('slider', { name: 'Frame' }).press('End');
    await expectShown(app, 23);
  });
}

test('a bad file as the first one leaves the page empty and ready for another', async ({ page }) => {
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.openFile(fixture('not-media.txt'));
  await expect(app.alert.filter({ hasText: /is not a video or an image/ })).toBeVisible();
  expect(await app.state()).toMatchObject({ phase: 'empty', frameCount: 0 });
  await app.openFile(fixture('tiny.mp4'));
  await expectShown(app, 0);
});

test('damage in the middle of a video: names the frame, and other frames stay', async ({ page }) => {
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.openFile(fixture('spoilt.mp4'));
  await expectShown(app, 0);
  await expect(app.alert.filter({ hasText: /Shot changes from frame \d+ on were not found/ })).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Frame' });
  await slider.focus();
  await slider.press('End');
  await expect(
    app.stage.getByText(/Frame 24 of 24 cannot be decoded: the video is damaged there/),
  ).toBeVisible();
  await slider.press('Home');
  await expectShown(app, 0);
  await slider.press('ArrowRight');
  await expectShown(app, 1);
});

test('a file with junk behind its frames opens with all of them', async ({ page }) => {
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.openFile(fixture('endless.mkv'));
  await expectShown(app, 0);
  expect(await app.state()).toMatchObject({ frameCount: 24 });
});

test('a worker that hangs while it opens a file is ended, by itself or by Cancel; what was open stays', async ({
  page,
}) => {
  await page.clock.install();
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await expectShown(app, 0);
  await app.goToFrame(3);
  await app.hang('player');
  await app.openFile(fixture('two-shots.mp4'));
  const cancel = page.getByRole('status').getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeVisible();
  // The player may be silent for 15 seconds.
  await app.passTime(20_000);
  await expect(app.alert.filter({ hasText: /“two-shots\.mp4” could not be opened/ })).toBeVisible();
  expect(await app.state()).toMatchObject({ frame: 3, frameCount: 24 });
  // The worker that was started again has opened what was open.
  await app.goToFrame(5);
  await expectShown(app, 5);

  await app.hang('player');
  await app.openFile(fixture('two-shots.mp4'));
  await cancel.click();
  await expect(cancel).toBeHidden();
  await expectShown(app, 5);
  expect(await app.state()).toMatchObject({ frame: 5, frameCount: 24 });
  await page.getByRole('slider', { name: 'Frame' }).press('End');
  await expectShown(app, 23);
});

test('a page that cannot be drawn says so, and its work can be saved, exported and shown again', async ({
  page,
}) => {
  const app = new App(page);
  await app.openDisc();
  await app.isSaved();
  const before = (await app.state()).objects;
  // What the panel says of the room needs this.
  await page.evaluate(() => {
    const telling = Object.getOwnPropertyDescriptor(Number.prototype, 'toFixed');
    Object.assign(window, {
      mend: () => Object.defineProperty(Number.prototype, 'toFixed', telling ?? {}),
    });
    Number.prototype.toFixed = () => {
      throw new Error('No number can be told.');
    };
  });
  await app.button('Saved').click();
  await expect(page.getByRole('alert')).toContainText(
    'No number can be told. Your work is kept in this tab.',
  );
  for (const [name, file] of [
    ['Save the project as a file', 'tiny.masklet'],
    ['Export the masks', 'tiny-masks.zip'],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    expect((await download).suggestedFilename()).toBe(file);
  }
  await page.evaluate(() => (window as unknown as { mend(): void }).mend());
  await page.getByRole('button', { name: 'Show the page again' }).click();
  await expect(page.getByRole('dialog', { name: 'Saving' })).toBeVisible();
  expect((await app.state()).objects).toEqual(before);
});

test('an error that nothing caught is said, and the work stays', async ({ page }) => {
  const app = new App(page);
  await app.openDisc();
  await page.evaluate(() => {
    void Promise.reject(new Error('a cog broke'));
  });
  await expect(app.alert).toContainText('Something unexpected went wrong: a cog broke');
  await app.hasMask(1, 0, 'prompted');
});
