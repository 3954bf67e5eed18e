import { expect, type Locator } from '@playwright/test';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea } from '../src/core/rle.ts';
import { App, test } from './app.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** Phones, upright and on their sides. */
const PHONES = [
  [320, 568],
  [360, 640],
  [390, 844],
  [667, 375],
  [844, 390],
] as const;

/** Whether nothing covers a thing's middle. */
function isOnTop(target: Locator): Promise<boolean> {
  return target.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });
}

/** The app as a person drives it with a finger. */
class TouchApp extends App {
  /** Taps on the stage at a share of its width and height. */
  async tapAt(x: number, y: number): Promise<void> {
    const box = (await this.stage.boundingBox())!;
    await this.page.touchscreen.tap(box.x + x * box.width, box.y + y * box.height);
  }

  /** Drags a finger over the stage, between shares of its width and height. */
  async swipe(x0: number, y0: number, x1: number, y1: number): Promise<void> {
    const box = (await this.stage.boundingBox())!;
    const at = (x: number, y: number) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
    const client = await this.page.context().newCDPSession(this.page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints });
    await send('touchStart', [at(x0, y0)]);
    await send('touchMove', [at((x0 + x1) / 2, (y0 + y1) / 2)]);
    await send('touchMove', [at(x1, y1)]);
    await send('touchEnd', []);
    await client.detach();
  }

  /** Whether the frame is seen whole wherever the page is scrolled to: it stays at the top, and all else goes under it. */
  async staysInSight(): Promise<boolean> {
    const end = await this.page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    for (let top = 0; top <= end; top += 40) {
      await this.page.evaluate((at) => scrollTo(0, at), top);
      if (!(await isOnTop(this.stage))) return false;
    }
    await this.page.evaluate(() => scrollTo(0, 0));
    return true;
  }

  /**
   * What on the page is too small for a finger, or lies beyond the screen's right end.
   *
   * @param least sides of what is large enough, in CSS pixels
   */
  misfits(least = 40): Promise<string[]> {
    const screenWidth = this.page.viewportSize()!.width;
    return this.page.evaluate(
      ([least, screenWidth]) => {
        const controls = 'button, a[href], summary, input:not([type=file]), [role=slider], [role=option]';
        const open = document.querySelector('[role=dialog]');
        const found = [...(open ?? document).querySelectorAll(controls)].flatMap((control) => {
          // A slider answers to a touch anywhere on it, not on its thumb alone.
          const slider = control.getAttribute('role') === 'slider' && control.parentElement?.parentElement;
          const target = slider || (control.closest('label') ?? control);
          if (!target.checkVisibility() || target.closest('p')) return [];
          const { right, width, height } = target.getBoundingClientRect();
          const name = control.getAttribute('aria-label') ?? target.textContent;
          const isSmall = Math.round(width) < least || Math.round(height) < least;
          const isOnStage = target.closest('[data-testid=stage]') !== null;
          const isBeyond = !isOnStage && Math.round(right) > screenWidth;
          return [
            ...(isSmall ? [`${name}: ${Math.round(width)} × ${Math.round(height)}`] : []),
            ...(isBeyond ? [`${name}: ends at ${Math.round(right)} of ${screenWidth}`] : []),
          ];
        });
        const { scrollWidth } = document.documentElement;
        return scrollWidth > screenWidth ? [...found, `The page is ${scrollWidth} px wide.`] : found;
      },
      [least, screenWidth] as const,
    );
  }
}

test('the whole job with a finger on a phone: open, tap, take away, box, track, export', async ({ page }) => {
  const app = new TouchApp(page);
  const points = page.getByRole('button', { name: /^Point / });
  const tap = (target: Locator) => target.tap();
  await app.refuseHandles();
  await app.goto();
  expect.soft(await app.misfits()).toEqual([]);

  await test.step('open', async () => {
    const chooser = page.waitForEvent('filechooser');
    await tap(app.button('Open'));
    await (await chooser).setFiles('e2e/fixtures/tiny.mp4');
    await app.ready();
    expect.soft(await app.misfits()).toEqual([]);
  });

  await test.step('a tap adds, or takes away as the switch says', async () => {
    await app.tapAt(60 / 320, 110 / 180);
    await app.hasMask(1, 0, 'prompted');
    await app.ready();
    const whole = rleArea(fromCocoRle((await app.mask(1, 0))!));
    expect(whole).toBeGreaterThan(3000);
    await tap(page.getByRole('radio', { name: 'Take away' }));
    await app.tapAt(0.9, 0.1);
    await expect(points).toHaveCount(2);
    await app.ready();
    await tap(page.getByRole('radio', { name: 'Add', exact: true }));
  });

  await test.step('a drag moves a point, a tap removes it', async () => {
    await app.swipe(0.9, 0.1, 0.7, 0.3);
    await expect(page.getByRole('button', { name: 'Point 2, take away, at 224, 54: remove' })).toBeVisible();
    await app.ready();
    await app.tapAt(0.7, 0.3);
    await expect(points).toHaveCount(1);
    await app.ready();
    expect.soft(await app.misfits()).toEqual([]);
  });

  await test.step('a drag draws a box', async () => {
    await tap(app.button('Add object'));
    await app.swipe(0.7, 0.1, 0.95, 0.4);
    await expect(page.getByTestId('prompt-box')).toBeVisible();
    await app.hasMask(2, 0, 'prompted');
    await app.ready();
  });

  await test.step('track', async () => {
    for (const [width, height] of PHONES) {
      await page.setViewportSize({ width, height });
      await expect(app.button('Track'), `${width} × ${height}`).toBeInViewport({ ratio: 1 });
      expect(await isOnTop(app.button('Track')), `${width} × ${height}`).toBe(true);
      // On its side, a phone has room for what WCAG asks for.
      expect.soft(await app.misfits(width < height ? 40 : 24), `${width} × ${height}`).toEqual([]);
      if (width <= 760) expect.soft(await app.staysInSight(), `${width} × ${height}`).toBe(true);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await tap(app.button('Track'));
    await app.hasMask(1, 1, 'tracked');
    expect.soft(await app.misfits()).toEqual([]);
    await tap(app.button('Stop'));
    await app.ready();
    const lanes = page.getByRole('list', { name: 'Lanes' }).getByRole('listitem');
    await expect(lanes.first()).toHaveAccessibleName(/^Object 1: \d+ of \d+ frames: 1 prompted, \d+ tracked/);
  });

  await test.step('export', async () => {
    await tap(app.button('Export'));
    const dialog = page.getByRole('dialog', { name: 'Export' });
    expect.soft(await app.misfits()).toEqual([]);
    const download = page.waitForEvent('download');
    await tap(dialog.getByRole('button', { name: 'Save', exact: true }));
    expect((await download).suggestedFilename()).toBe('tiny-masks.zip');
    await tap(dialog.getByRole('button', { name: 'Close' }));
  });

  for (const name of ['Models', 'Keyboard shortcuts']) {
    await test.step(`${name}, by the list of commands`, async () => {
      await tap(app.button('Commands'));
      await tap(page.getByRole('option', { name }));
      const dialog = page.getByRole('dialog', { name });
      await expect(dialog).toBeVisible();
      expect.soft(await app.misfits()).toEqual([]);
      await tap(dialog.getByRole('button', { name: 'Close' }));
      await expect(dialog).toBeHidden();
    });
  }
});
