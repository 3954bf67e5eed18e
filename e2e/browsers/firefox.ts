import { launch, type ElementHandle, type KeyInput } from 'puppeteer-core';
import type { OtherBrowser } from './otherApp.ts';

/**
 * Starts Firefox without a window.
 *
 * @param program its path
 * @param downloads the folder that it saves to
 */
export async function startFirefox(program: string, downloads: string): Promise<OtherBrowser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: program,
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox: {
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.download.alwaysOpenPanel': false,
    },
  });
  const page = await browser.newPage();
  return {
    goto: async (address) => {
      await page.goto(address);
    },
    reload: async () => {
      await page.reload();
    },
    evaluate: (expression) => page.evaluate(expression),
    click: (x, y) => page.mouse.click(x, y),
    press: (key) => page.keyboard.press(key as KeyInput),
    chooseFile: async (selector, path) => {
      const input = (await page.waitForSelector(selector)) as ElementHandle<HTMLInputElement>;
      await input.uploadFile(path);
    },
    close: () => browser.close(),
  };
}
