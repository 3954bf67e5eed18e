import { expect, test, type Page } from '@playwright/test';
import { App, REAL } from './app.ts';

// Playwright's own `test`: the app's puts a painted model in place of files that the script holds to their hashes.
test.use({ serviceWorkers: 'allow' });

/** Until the page's files come from the script. */
async function untilKept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

test(
  'after the first visit the app works without a network, model and lazy code included',
  REAL,
  async ({ page, context }) => {
    const app = new App(page);
    await app.goto();
    await expect
      .poll(() =>
        page.evaluate(() => (window as unknown as { masklet: { model(): unknown } }).masklet.model()),
      )
      .not.toBeNull();
    await untilKept(page);

    await context.setOffline(true);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await app.openFile('e2e/fixtures/tiny.mp4');
    await app.clickAt(0.25, 0.6);
    await app.hasMask(1, 0, 'prompted');
    await page.keyboard.press('m');
    for (const name of ['Embedded model', 'SAM 2.1 tiny'])
      await expect(page.getByRole('listitem', { name, exact: true })).toBeVisible();
  },
);

test('where the host sends no headers, the script isolates the page', async ({ page, context, baseURL }) => {
  // The page's own first request is not the script's, which adds what is missing.
  const { origin } = new URL(baseURL ?? '');
  await context.route(`${origin}/**`, async (route) => {
    const response = await route.fetch();
    const headers = Object.fromEntries(
      Object.entries(response.headers()).filter(([name]) => !/^cross-origin|security-policy/.test(name)),
    );
    // The reload that isolates the page ends requests that are under way.
    await route.fulfill({ response, headers }).catch(() => undefined);
  });
  await page.goto('/');
  await page.waitForFunction(
    () => navigator.serviceWorker.controller?.state === 'activated' && crossOriginIsolated,
  );
  await expect(page.getByRole('button', { name: 'Try the sample' })).toBeVisible();
  await context.unrouteAll({ behavior: 'ignoreErrors' });
});
