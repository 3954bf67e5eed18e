import { test as base } from '@playwright/test';
import { paintedModel, ReleaseServer } from '../releaseServer.ts';
import { Downloads, OtherApp, type OtherBrowser } from './otherApp.ts';

/** What playwright.config.ts says of a browser that Playwright does not drive. */
export interface OtherBrowserOptions {
  /** Its path; `undefined` where there is none. */
  readonly program: string | undefined;
}

interface Fixtures {
  /** Whether the painted model stands in for the real one. */
  readonly isPainted: boolean;
  readonly server: ReleaseServer;
  /** Of the page on the server. */
  readonly address: string;
  readonly downloads: Downloads;
  /** The page in the browser. */
  readonly app: OtherApp;
}

/**
 * A test of the app in a browser that Playwright does not drive.
 *
 * @param start starts it, with a folder for what it saves
 */
export function testOf(start: (program: string, downloads: string) => Promise<OtherBrowser>) {
  return base.extend<OtherBrowserOptions & Fixtures>({
    program: [undefined, { option: true }],
    isPainted: [true, { option: true }],
    server: async ({ isPainted }, use) => {
      const server = new ReleaseServer();
      if (isPainted) server.changes = await paintedModel();
      await use(server);
    },
    address: async ({ server }, use) => {
      await use(await server.start());
      await server.stop();
    },
    downloads: async ({ address: _ }, use) => {
      const downloads = await Downloads.make();
      await use(downloads);
      await downloads.remove();
    },
    app: async ({ program, address, downloads }, use) => {
      const browser = await start(program ?? '', downloads.folder);
      await browser.goto(address);
      await use(new OtherApp(browser));
      await browser.close();
    },
  });
}
