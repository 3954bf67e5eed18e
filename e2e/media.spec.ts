import { expect } from '@playwright/test';
import type { Census } from '../src/core/census.ts';
import { App, test } from './app.ts';
import { blockModel, expectShown, fixture, shownFrame } from './barCode.ts';

interface DebugWindow {
  masklet: { census(): Promise<Census> };
}

test.describe('frame N is frame N', () => {
  for (const name of [
    'tiny.mp4',
    'tiny.mov',
    'tiny.mkv',
    'tiny.webm',
    'av1.mp4',
    'fragmented.mp4',
    'alt-ref.webm',
    'open-gop.mp4',
  ]) {
    test(name, async ({ page }) => {
      const app = await openFixture(new App(page), name, 24);
      const slider = page.getByRole('slider', { name: 'Frame' });
      await slider.focus();
      const press = async (key: string, frame: number) => {
        await slider.press(key);
        await expectShown(app, frame);
        expect((await app.state()).frame).toBe(frame);
      };

      await expectShown(app, 0);
      for (let frame = 1; frame < 24; frame++) await press('ArrowRight', frame);
      for (let frame = 22; frame > 15; frame--) await press('ArrowLeft', frame);
      await press('Home', 0);
      await press('End', 23);
      await press('Shift+ArrowLeft', 13);
      await press('ArrowLeft', 12);
      await press('ArrowLeft', 11);
      await press('Shift+ArrowLeft', 1);
      await press('Shift+ArrowRight', 11);
    });
  }
});

test('what an edit list cuts away is not there', async ({ page }) => {
  const app = await openFixture(new App(page), 'trimmed.mp4', 18);
  await expectShown(app, 6);
  await app.goToFrame(7);
  await expectShown(app, 13);
});

test('frames of a variable rate are stepped through one by one', async ({ page }) => {
  const app = await openFixture(new App(page), 'variable-rate.mp4', 12);
  await app.goToFrame(11);
  await expectShown(app, 11);
});

for (const [name, width, height] of [
  ['rotated.mp4', 216, 320],
  ['anamorphic.mp4', 320, 180],
] as const) {
  test(`${name} is shown upright and in square pixels`, async ({ page }) => {
    const app = await openFixture(new App(page), name, 24);
    await app.goToFrame(9);
    await expectShown(app, 9);
    expect(await shownFrame(app)).toEqual({ width, height, number: 9 });
  });
}

for (const name of ['image.png', 'image.jpg', 'image.webp', 'image.avif', 'rotated.jpg']) {
  test(`${name} is a clip of one frame`, async ({ page }) => {
    const app = await openFixture(new App(page), name, 1);
    await expectShown(app, 5);
    expect(await shownFrame(app)).toEqual({ width: 320, height: 180, number: 5 });
  });
}

for (const name of ['animated.gif', 'animated.webp', 'animated.png', 'animated.avif']) {
  test(`${name} is a clip of its frames, at its own pace`, async ({ page }) => {
    const app = await openFixture(new App(page), name, 6);
    await expectShown(app, 0);
    for (const frame of [1, 2, 5, 3]) {
      await app.goToFrame(frame);
      await expectShown(app, frame);
    }
    await expect(page.getByRole('slider', { name: 'Frame' })).toHaveAttribute(
      'aria-valuetext',
      'Frame 3 of 6, 00:00.240',
    );
  });
}

test('an animated image can be tracked', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openFile(fixture('animated.webp'));
  await app.ready();
  await app.clickAt(60 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  await app.ready();
  await app.button('Track').click();
  await app.hasMask(1, 5, 'tracked');
});

test('an animated image that was cut off has the frames before the cut', async ({ page }) => {
  const app = await openFixture(new App(page), 'cut.gif', 3);
  await expect(app.alert.last()).toContainText('“cut.gif” ends early: 1 of its frames are missing');
  await app.goToFrame(2);
  await expectShown(app, 2);
});

test('where the browser cannot decode the frames of animated images, the first one opens, and the page says so', async ({
  page,
}) => {
  await page.route('**/*.worker*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `delete self.ImageDecoder;${await response.text()}` });
  });
  const app = await openFixture(new App(page), 'animated.gif', 1);
  await expectShown(app, 0);
  const notice = app.alert.filter({
    hasText: '“animated.gif” is animated, but this browser can only open its first',
  });
  await expect(notice).toBeVisible();
});

test('of a file that was cut off, the frames that are there can be used', async ({ page }) => {
  const app = await openFixture(new App(page), 'cut.mp4', 12);
  await app.goToFrame(11);
  await expectShown(app, 11);
});

test('opening one clip after the other leaves nothing behind', async ({ page }) => {
  const app = await openFixture(new App(page), 'tiny.mp4', 24);
  const census = () =>
    page.evaluate(async () => {
      const { buffers, bytes, frames } = await (window as unknown as DebugWindow).masklet.census();
      return { buffers, bytes, frames };
    });
  await openFixture(app, 'image.png', 1, false);
  await expect.poll(census).toMatchObject({ frames: 0, buffers: 1 });
  const before = await census();
  // No clip follows one with as many frames, or nothing would tell that it is open.
  for (const [name, frameCount] of [
    ['tiny.webm', 24],
    ['image.png', 1],
    ['tiny.mkv', 24],
    ['image.png', 1],
  ] as const) {
    await openFixture(app, name, frameCount, false);
    if (frameCount > 1) await app.goToFrame(frameCount - 1);
  }
  await expect.poll(census).toEqual(before);
});

async function openFixture(app: App, name: string, frameCount: number, isNew = true): Promise<App> {
  if (isNew) {
    await blockModel(app);
    await app.goto();
  }
  await app.openFile(fixture(name));
  await expect.poll(async () => (await app.state()).frameCount).toBe(frameCount);
  return app;
}
