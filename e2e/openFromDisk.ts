import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import { App } from './app.ts';

/**
 * Opens a video by the picker, under a name; it stays where it is, and projects keep no copy of it. A file in the page's own storage stands for one on the
 * disk, because a test cannot answer the browser's dialog.
 */
export async function openFromDisk(page: Page, path: string, name = basename(path)): Promise<App> {
  const app = new App(page);
  const base64 = (await readFile(path)).toString('base64');
  await page.addInitScript((picked) => {
    localStorage.setItem('masklet-keep-videos', 'no');
    Object.assign(window, {
      showOpenFilePicker: async () => [await (await navigator.storage.getDirectory()).getFileHandle(picked)],
    });
  }, name);
  await app.goto();
  await page.evaluate(
    async (file) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle(file.name, { create: true });
      const writable = await handle.createWritable();
      await writable.write(Uint8Array.from(atob(file.base64), (char) => char.charCodeAt(0)));
      await writable.close();
    },
    { name, base64 },
  );
  await app.button('Open').click();
  await app.ready();
  return app;
}
