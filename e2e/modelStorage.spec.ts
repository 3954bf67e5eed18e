import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { App, test } from './app.ts';

/** Where models are kept, and faults of it: a folder that lies where a file should be written makes the browser refuse the file. */

const FOLDER = resolve('fixtures/models/sam2.1-tiny-random');
const ADDED = 'sam2.1-tiny-random';

interface FileOf {
  file: string;
  sha256: string;
}

/** The name under which a model's folder holds a file. */
const keptName = ({ file, sha256 }: FileOf) => `${sha256.slice(0, 16)}-${file.replaceAll('/', '-')}`;

/** Makes folders in the browser's private storage, given by their paths. */
async function plant(page: Page, ...paths: string[]): Promise<void> {
  await page.evaluate(async (given) => {
    for (const path of given) {
      let folder = await navigator.storage.getDirectory();
      for (const name of path.split('/')) folder = await folder.getDirectoryHandle(name, { create: true });
    }
  }, paths);
}

/** The names in a folder of the browser's private storage; none if it is not there. */
async function namesIn(page: Page, path: string): Promise<string[]> {
  return page.evaluate(async (given) => {
    try {
      let folder = await navigator.storage.getDirectory();
      for (const name of given.split('/')) folder = await folder.getDirectoryHandle(name);
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names.toSorted();
    } catch {
      return [];
    }
  }, path);
}

async function runs(page: Page, name: string): Promise<void> {
  const model = () =>
    (window as unknown as { masklet: { model(): { name: string } | null } }).masklet.model();
  await expect.poll(async () => (await page.evaluate(model))?.name, { timeout: 60_000 }).toBe(name);
}

async function openModels(page: Page): Promise<void> {
  await page.keyboard.press('m');
  await expect(page.getByRole('listitem', { name: 'SAM 2.1 tiny', exact: true })).toBeVisible();
}

test('a model that cannot be added again stays as it was', async ({ page }) => {
  const { graphs } = JSON.parse(await readFile(resolve(FOLDER, 'manifest.json'), 'utf8')) as {
    graphs: { fp32: { step: FileOf } };
  };
  const place = `models/added-${ADDED}`;
  await new App(page).goto();
  await runs(page, 'Embedded model');
  await openModels(page);
  const picker = page.getByLabel('Model folder');
  await picker.setInputFiles(FOLDER);
  await runs(page, ADDED);
  const files = await namesIn(page, place);

  await plant(page, `${place}/${keptName(graphs.fp32.step)}.part/within`);
  await picker.setInputFiles(FOLDER);
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
    'storage did not take the model’s files',
  );
  await page.reload();
  await runs(page, ADDED);
  expect(await namesIn(page, place)).toEqual(files);
  // What was in the way is gone.
  await openModels(page);
  await picker.setInputFiles(FOLDER);
  await expect(page.getByRole('dialog').getByRole('alert')).toBeHidden();
  await expect.poll(() => namesIn(page, place)).toEqual(files);
});

test('where the storage refuses a file, the model runs from memory', async ({ page }) => {
  const painted = JSON.parse(await readFile('fixtures/models/painted/manifest.json', 'utf8')) as {
    graphs: { encoder: Record<string, FileOf>; decoder: FileOf };
  };
  const files = [...Object.values(painted.graphs.encoder), painted.graphs.decoder];
  await page.goto('icons/masklet.svg');
  await plant(page, ...files.map((file) => `models/embedded/${keptName(file)}.part/within`));
  const app = new App(page);
  await app.goto();
  await app.openFile('e2e/fixtures/tiny.mp4');
  await app.clickAt(0.25, 0.6);
  await app.hasMask(1, 0, 'prompted');
});

test('files that no model names are deleted, and rows say whose first download is trusted', async ({
  page,
}) => {
  await new App(page).goto();
  await runs(page, 'Embedded model');
  const files = await namesIn(page, 'models/embedded');
  expect(files.length).toBeGreaterThan(1);
  await plant(page, 'models/embedded/0123-old.onnx', 'models/begun/file.part');
  await openModels(page);
  await expect.poll(() => namesIn(page, 'models')).not.toContain('begun');
  await expect.poll(() => namesIn(page, 'models/embedded')).toEqual(files);

  const row = (name: string) => page.getByRole('listitem', { name, exact: true });
  await expect(row('SAM 2.1 small')).toContainText('trusted at first download');
  await expect(row('SAM 2.1 tiny')).not.toContainText('trusted at first download');
  await expect(row('Embedded model')).not.toContainText('trusted at first download');
});
