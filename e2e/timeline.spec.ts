import { expect, type Page } from '@playwright/test';
import { App, SOON, test } from './app.ts';
import { blockModel, expectShown, fixture } from './barCode.ts';

interface TestWindow {
  masklet: { state(): { readonly frame: number } };
  isHeld: boolean;
  held: (() => void)[];
  sounds: HTMLAudioElement[];
}

async function openFixture(page: Page, name: string, frameCount: number): Promise<App> {
  const app = new App(page);
  await blockModel(app);
  await app.goto();
  await app.openFile(fixture(name));
  await expect.poll(async () => (await app.state()).frameCount, SOON).toBe(frameCount);
  return app;
}

async function middleOf(page: Page, slider: string): Promise<number> {
  const box = (await page.getByRole('slider', { name: slider }).boundingBox())!;
  return box.x + box.width / 2;
}

test('the filmstrip of a portrait clip has no gaps, and the bar between the marks ends at their handles', async ({
  page,
}) => {
  const app = await openFixture(page, 'rotated.mp4', 24);
  const film = page.getByRole('region', { name: 'Timeline' }).locator('canvas').first();
  const gaps = () =>
    film.evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      if (width < 100) return -1;
      const row = canvas.getContext('2d')!.getImageData(0, height >> 1, width, 1).data;
      return Array.from({ length: width - 20 }, (_, x) => row[(x + 10) * 4 + 3]!).filter(
        (alpha) => alpha < 255,
      ).length;
    });
  await expect.poll(gaps, { ...SOON, timeout: 20_000 }).toBe(0);

  await app.goToFrame(2);
  await page.keyboard.press('i');
  await app.goToFrame(21);
  await page.keyboard.press('o');
  const bar = (await page.locator('[aria-label=Timeline] [data-set]').boundingBox())!;
  expect(Math.abs(bar.x - (await middleOf(page, 'In-mark')))).toBeLessThan(1.1);
  expect(Math.abs(bar.x + bar.width - (await middleOf(page, 'Out-mark')))).toBeLessThan(1.1);
  expect(Math.abs((await middleOf(page, 'Frame')) - (await middleOf(page, 'Out-mark')))).toBeLessThan(1.1);
});

test('the stage says when its picture is not that of the frame that one went to', async ({ page }) => {
  await page.addInitScript(() => {
    const state = window as unknown as TestWindow & { Worker: typeof Worker };
    Object.assign(state, { isHeld: false, held: [] });
    state.Worker = class extends Worker {
      readonly isPlayer: boolean;
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.isPlayer = String(url).includes('player');
      }
      override postMessage(...message: unknown[]) {
        const send = () => super.postMessage(...(message as [unknown, Transferable[]]));
        if (this.isPlayer && state.isHeld) state.held.push(send);
        else send();
      }
    };
  });
  const app = await openFixture(page, 'tiny.mp4', 24);
  await expectShown(app, 0);
  await expect(app.stage.getByText(/^Loading frame/)).toBeHidden();
  await page.evaluate(() => void ((window as unknown as TestWindow).isHeld = true));
  await app.goToFrame(9);
  await expect(app.stage.getByText('Loading frame 9…')).toBeVisible();
  await page.evaluate(() => {
    const state = window as unknown as TestWindow;
    state.isHeld = false;
    for (const send of state.held) send();
  });
  await expectShown(app, 9);
  await expect(app.stage.getByText(/^Loading frame/)).toBeHidden();
});

test('one moves by numbers and by tens, and sees what is under the pointer; the timeline zooms and scrolls', async ({
  page,
}) => {
  const app = await openFixture(page, 'sound.mp4', 240);
  const frame = async () => (await app.state()).frame;
  const film = page.getByTestId('filmstrip');
  const playhead = async () => {
    const box = (await page.getByTestId('playhead').boundingBox())!;
    return box.x + box.width / 2;
  };

  await test.step('a number is typed', async () => {
    const field = page.getByRole('textbox', { name: 'Frame number' });
    for (const [typed, expected] of [
      ['200', 200],
      ['12x', 200],
      ['9999', 239],
    ] as const) {
      await page.keyboard.press('Control+g');
      await expect(field).toBeFocused();
      await page.keyboard.type(typed);
      await page.keyboard.press('Enter');
      expect(await frame()).toBe(expected);
      await expect(field).toHaveValue(String(expected));
    }
  });

  await test.step('tens', async () => {
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await frame()).toBe(229);
    await app.button('Back ten frames').click();
    await app.button('Forward ten frames').click();
    await app.button('Back ten frames').click();
    expect(await frame()).toBe(219);
    await expectShown(app, 219);
  });

  await test.step('the frame under the pointer', async () => {
    const box = (await film.boundingBox())!;
    await page.mouse.move(box.x + 0.3 * box.width, box.y + box.height / 2);
    const hover = page.getByTestId('hover-thumbnail');
    await expect(hover).toHaveText(/^7\d · 00:0[23]\.\d{3}$/);
    const number = /^\d+/.exec((await hover.textContent())!)![0];
    await expect(hover.locator('canvas')).toHaveAttribute('data-frame', number);
    expect(await frame()).toBe(219);
  });

  await test.step('the wheel zooms about the pointer, and a press means the frame that is there', async () => {
    const box = (await film.boundingBox())!;
    const x = box.x + 0.3 * box.width;
    const part = page.getByRole('scrollbar', { name: 'Part of the clip' });
    await expect(part).toBeHidden();
    expect(Math.abs((await playhead()) - (await middleOf(page, 'Frame')))).toBeLessThan(1.1);
    await page.mouse.wheel(0, -600);
    await expect(part).toBeVisible();
    await page.mouse.click(x, box.y + box.height / 2);
    expect(await frame()).toBeGreaterThanOrEqual(70);
    expect(await frame()).toBeLessThanOrEqual(74);
    expect(Math.abs((await playhead()) - x)).toBeLessThan(10);
    expect(Math.abs((await playhead()) - (await middleOf(page, 'Frame')))).toBeLessThan(1.1);
  });

  await test.step('it follows the playhead, keys scroll it, and all of it is shown again', async () => {
    await app.button('Last frame').click();
    await expect(page.getByTestId('playhead')).toBeInViewport();
    const before = await middleOf(page, 'Frame');
    await page.keyboard.press('Alt+PageUp');
    expect(await middleOf(page, 'Frame')).toBeGreaterThan(before + 100);
    await page.keyboard.press('Alt+ArrowDown');
    await app.button('Show the whole clip on the timeline').click();
    await expect(page.getByRole('scrollbar', { name: 'Part of the clip' })).toBeHidden();
    expect(await middleOf(page, 'Frame')).toBeCloseTo(before, 0);
  });

  await test.step('the lanes scroll to the object that is selected', async () => {
    for (let i = 0; i < 8; i++) await page.keyboard.press('n');
    const lanes = page.getByRole('list', { name: 'Lanes' }).getByRole('listitem');
    await expect(lanes).toHaveCount(8);
    await expect(lanes.last()).toBeInViewport({ ratio: 0.9 });
    await expect(lanes.first()).not.toBeInViewport({ ratio: 0.5 });
    await page.getByRole('list', { name: 'Objects' }).getByText('Object 1', { exact: true }).click();
    await expect(lanes.first()).toBeInViewport({ ratio: 0.9 });
  });
});

test('a clip plays with its sound, faster, and over and over between the marks', async ({ page }) => {
  await page.addInitScript(() => {
    const sounds: HTMLAudioElement[] = [];
    class SpiedAudio extends Audio {
      constructor(source?: string) {
        super(source);
        sounds.push(this);
      }
    }
    Object.assign(window, { sounds, Audio: SpiedAudio });
  });
  const app = await openFixture(page, 'tiny.mp4', 24);
  await expect(app.button('Loop between the marks')).toBeVisible();
  await expect(app.button('Mute')).toBeHidden();
  await app.openFile(fixture('sound.mp4'));
  await expect(app.button('Mute')).toBeVisible();

  await app.goToFrame(80);
  await page.keyboard.press('i');
  await app.goToFrame(110);
  await page.keyboard.press('o');
  await page.keyboard.press('Shift+l');
  await expect(app.button('Loop between the marks')).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('2×');
  await app.goToFrame(3);
  const now = () =>
    page.evaluate(() => {
      const { sounds, masklet } = window as unknown as TestWindow;
      const { currentTime, playbackRate, paused, muted } = sounds.at(-1)!;
      return { frame: masklet.state().frame, currentTime, playbackRate, paused, muted };
    });
  await page.keyboard.press(' ');
  await expect(app.button('Pause')).toBeVisible();
  await expect.poll(async () => (await now()).currentTime, SOON).toBeGreaterThan(3.4);
  const seen: number[] = [];
  const apart: number[] = [];
  // Twice through what the marks enclose.
  for (let turns = 0; turns < 2;) {
    const { frame, currentTime, playbackRate, paused } = await now();
    if (frame < (seen.at(-1) ?? 0)) turns++;
    seen.push(frame);
    expect({ playbackRate, paused }).toEqual({ playbackRate: 2, paused: false });
    apart.push(Math.abs(currentTime - frame / 24));
  }
  // Not of each look: frame and sound go back to the in-mark one after the other.
  expect(Math.min(...apart)).toBeLessThan(0.1);
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(80);
  expect(Math.max(...seen)).toBeLessThanOrEqual(110);

  await app.button('Mute').click();
  expect(await now()).toMatchObject({ muted: true, paused: false });
  await page.keyboard.press(',');
  await expect(page.getByRole('combobox', { name: 'Speed' })).toHaveValue('1');
  await app.button('Pause').click();
  expect((await now()).paused).toBe(true);
  await app.button('Unmute').click();
  expect((await now()).muted).toBe(false);
});
