import { expect } from '@playwright/test';
import { App, test } from './app.ts';

test.use({ serviceWorkers: 'allow' });

test('after the first visit the app works without a network, model and lazy code included', async ({
  page,
  context,
}) => {
  const app = new App(page);
  await app.goto();
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { masklet: { model(): unknown } }).masklet.model()))
    .not.toBeNull();
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');

  await context.setOffline(true);
  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await app.openFile('e2e/fixtures/tiny.mp4');
  await app.clickAt(0.25, 0.6);
  await app.hasMask(1, 0, 'prompted');
  await page.keyboard.press('m');
  await expect(page.getByRole('listitem', { name: 'Embedded model', exact: true })).toBeVisible();
});

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
});
