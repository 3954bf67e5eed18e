import { readdir, readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { App } from './app.ts';
import { fixture } from './barCode.ts';
import { asRelease, paintedModel, ReleaseServer, type Changes } from './releaseServer.ts';

// Playwright's own `test`: the app's puts a painted model in place of files that the script holds to their hashes.
test.use({ serviceWorkers: 'allow' });

/** A release with its name in the page and in a file that the page asks for late; `without` names files that it has no more. */
async function releaseNamed(name: string, without: readonly string[] = []): Promise<Changes> {
  const page = await readFile('dist/index.html', 'utf8');
  return asRelease(
    new Map([
      ...(await paintedModel()),
      ['index.html', Buffer.from(page.replace('<title>', `<meta name="release" content="${name}"><title>`))],
      ['third-party-notices.txt', Buffer.from(`The notices of the ${name} release.`)],
      ...without.map((path) => [path, undefined] as const),
    ]),
  );
}

const expectRelease = (page: Page, name: string) =>
  expect(page.locator('meta[name=release]')).toHaveAttribute('content', name, { timeout: 10_000 });

test('a later release waits until no page of the earlier one is open; no page gets files of both', async ({
  context,
}) => {
  const lazy = (await readdir('dist/assets')).filter((name) => name.startsWith('export.worker'));
  expect(lazy.length).toBeGreaterThan(0);
  const server = new ReleaseServer();
  server.changes = await releaseNamed('first');
  const address = await server.start();
  const page = await context.newPage();
  const app = new App(page);
  await page.goto(address);
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.clickAt(60 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  await expect.poll(async () => (await app.state()).project.saved).toBe('saved');
  const { objects } = await app.state();

  await test.step('the app can be installed', async () => {
    const session = await context.newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // Windows of tests count as private ones.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
    const { url, errors } = await session.send('Page.getAppManifest');
    expect({ url, errors }).toEqual({ url: `${address}manifest.webmanifest`, errors: [] });
  });

  await test.step('the host changes while a person works', async () => {
    server.changes = await releaseNamed(
      'second',
      lazy.map((name) => `assets/${name}`),
    );
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update().then(() => undefined));
    await page.waitForFunction(
      async () => (await navigator.serviceWorker.ready).waiting?.state === 'installed',
    );
    expect((await app.state()).objects).toEqual(objects);
  });

  await test.step('what the page asks for late is still its own release’s', async () => {
    await page.keyboard.press('?');
    await app.button('About Masklet').click();
    await expect(page.getByText('The notices of the first release.')).toBeVisible();
    await page.keyboard.press('Escape');
    expect(Object.keys(await app.exportFiles())).toContain('masks/00000.png');
  });

  await test.step('so it is after a reload, and in another tab', async () => {
    await page.reload();
    await app.ready();
    await expectRelease(page, 'first');
    expect((await app.state()).objects).toEqual(objects);
    const other = await context.newPage();
    await other.goto(address);
    await expectRelease(other, 'first');
    await other.close();
  });

  await test.step('once all are closed, the next visit gets the second, with the work', async () => {
    await page.close();
    await expect(async () => {
      const later = await context.newPage();
      await later.goto(address);
      try {
        await expectRelease(later, 'second');
      } catch (error) {
        await later.close();
        throw error;
      }
    }).toPass();
    const later = context.pages().at(-1)!;
    await later.getByRole('button', { name: 'Open tiny' }).click();
    await new App(later).ready();
    expect((await new App(later).state()).objects).toEqual(objects);
    await later.keyboard.press('?');
    await later.getByRole('button', { name: 'About Masklet' }).click();
    await expect(later.getByText('The notices of the second release.')).toBeVisible();
  });
  // It is not at the root of its host, and asks for nothing outside its own path.
  expect(server.strays).toEqual([]);
  await server.stop();
});
