import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { App, test } from './app.ts';
import { Hub } from './hub.ts';

/**
 * Models from a hub and from folders, with tiny random ones in place of real weights: fixtures/models, which `tools/export`
 * writes. The hub is a server of the test's own, under the paths of the real one.
 */

const MODELS = resolve('fixtures/models');
const HOSTED = resolve(MODELS, 'sam2.1-tiny-random-five');
const MASKLET = resolve(MODELS, 'sam2.1-tiny-random');
const NAME = 'SAM 2.1 tiny';
const CLIP = 'e2e/fixtures/tiny.mp4';

interface FileOf {
  file: string;
  bytes: number;
  sha256?: string;
}
interface Manifest {
  name: string;
  base: string;
  image_size: number;
  graphs: { fp32: Record<string, FileOf> };
  constants: FileOf;
}

/** The real manifest's repository, revision and paths, with the fixture's files and the test's own hub. */
async function manifestOnHub(address: string): Promise<Manifest> {
  const manifest = JSON.parse(await readFile('public/models/sam2.1-tiny.json', 'utf8')) as Manifest;
  manifest.base = manifest.base.replace('https://huggingface.co/', address);
  manifest.image_size = 128;
  for (const file of [...Object.values(manifest.graphs.fp32), manifest.constants]) {
    const content = await readFile(resolve(HOSTED, file.file));
    file.bytes = content.length;
    file.sha256 = createHash('sha256').update(content).digest('hex');
  }
  return manifest;
}

const base = JSON.parse(await readFile('public/models/sam2.1-tiny.json', 'utf8')) as Manifest;
const REPOSITORY = base.base.replace('https://huggingface.co/', '').replace(/\/$/, '');

let hub: Hub;
let manifest: Manifest;

test.beforeEach(async ({ page }) => {
  hub = new Hub(new Map([[REPOSITORY, HOSTED]]));
  manifest = await manifestOnHub(await hub.start());
  await page.route('**/models/sam2.1-tiny.json', (route) => route.fulfill({ json: manifest }));
});

test.afterEach(() => hub.stop());

/** The dialog with the models, as a person uses it. */
class Models {
  readonly app: App;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.app = new App(page);
  }

  async open(): Promise<void> {
    await this.page.keyboard.press('m');
    await expect(this.row(NAME)).toBeVisible();
  }

  row(name: string): Locator {
    return this.page.getByRole('listitem', { name, exact: true });
  }

  button(name: string): Locator {
    return this.row(NAME).getByRole('button', { name, exact: true });
  }

  async close(): Promise<void> {
    await this.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  }

  async runs(name: string): Promise<void> {
    await expect
      .poll(
        () =>
          this.page.evaluate(
            () =>
              (window as unknown as { masklet: { model(): { name: string } | null } }).masklet.model()?.name,
          ),
        { timeout: 60_000 },
      )
      .toBe(name);
  }

  /** Opens the page, where the embedded model is loaded; with the clip where it is to be used. */
  async start(clip?: string): Promise<void> {
    await this.app.goto();
    if (clip !== undefined) await this.app.openFile(clip);
    await this.runs('Embedded model');
  }
}

test('from the catalogue to tracked frames, and the next visit asks the hub for nothing', async ({
  page,
}) => {
  const models = new Models(page);
  await models.start(CLIP);
  await models.open();
  await expect(models.row(NAME)).toContainText('Apache-2.0');
  // Made in half precision only, for which this machine has no graphics card.
  await expect(models.row('SAM 2.1 small')).toContainText(
    'It needs a graphics card that computes in half precision',
  );
  await models.button('Download and use').click();
  await models.runs(NAME);
  await expect(models.row(NAME)).toContainText('in use');
  await models.close();

  await models.app.clickAt(0.25, 0.6);
  await models.app.hasMask(1, 0, 'prompted');
  await page.keyboard.press('t');
  await expect
    .poll(async () => Object.keys((await models.app.state()).objects[0]?.frames ?? {}).length, {
      timeout: 180_000,
    })
    .toBe(24);
  await models.app.ready();

  const asked = hub.requests.length;
  await page.reload();
  await models.runs(NAME);
  expect(hub.requests.length).toBe(asked);
  expect(hub.requests.every(({ path }) => path.startsWith(REPOSITORY))).toBe(true);
});

test('a download that breaks off says so, and goes on after a reload', async ({ page }) => {
  const models = new Models(page);
  await models.start();
  await models.open();
  hub.hold({ kind: 'break', file: 'mask_decoder', after: 1_200_000 });
  await models.button('Download and use').click();
  // Bytes that the browser has not handed on are lost with the connection.
  await expect(models.row(NAME)).toContainText(/mask decoder1\.[12] MB of 1\.8 MB/);
  hub.release();
  await expect(models.row(NAME)).toContainText(/mask_decoder\.onnx could not be downloaded: the connection/, {
    timeout: 60_000,
  });
  await models.runs('Embedded model');

  hub.faults = [];
  await page.reload();
  await models.runs('Embedded model');
  await models.open();
  const before = hub.requests.length;
  await models.button('Go on and use').click();
  await models.runs(NAME);
  const rest = hub.requests.slice(before);
  expect(rest[0]?.path).toContain('mask_decoder');
  expect(Number(/\d+/.exec(rest[0]?.range ?? '')?.[0])).toBeGreaterThan(1_000_000);
  expect(rest.some(({ path }) => path.includes('vision_encoder'))).toBe(false);
});

test('a slow download shows each file, and Cancel keeps what has come', async ({ page }) => {
  const models = new Models(page);
  await models.start();
  await models.open();
  hub.hold({ kind: 'hold', file: 'mask_decoder', after: 1_100_000 });
  await models.button('Download and use').click();
  const row = models.row(NAME);
  await expect(row.getByRole('progressbar', { name: `Downloading ${NAME}` })).toBeVisible();
  await expect(row).toContainText('vision encoder0.3 MB');
  await expect(row).toContainText(/mask decoder1\.\d MB of 1\.8 MB/);
  // The model before goes on meanwhile.
  await models.runs('Embedded model');

  await models.button('Cancel').click();
  await expect(models.button('Go on and use')).toBeVisible();
  hub.faults = [];
  hub.release();
  await models.button('Go on and use').click();
  await models.runs(NAME);
  expect(hub.requests.some(({ range }) => range !== undefined)).toBe(true);
});

test('a load that is stuck can be cancelled: the model before is started again', async ({ page }) => {
  await page.clock.install();
  const models = new Models(page);
  const embedded = models.row('Embedded model');
  await models.start(CLIP);
  await models.open();
  await models.button('Download and use').click();
  await models.runs(NAME);
  await models.app.hang('segmenter');
  await embedded.getByRole('button', { name: 'Use', exact: true }).click();
  await embedded.getByRole('button', { name: 'Cancel' }).click();
  await models.close();
  // A load that was cancelled may take 15 seconds to end.
  await models.app.passTime(15_000);

  await expect(models.app.notice).toContainText('The model is being started again.');
  await models.app.ready();
  await models.runs(NAME);
  await models.app.clickAt(0.25, 0.6);
  await models.app.hasMask(1, 0, 'prompted');
});

for (const [fault, sentence] of [
  ['wrong bytes', /mask_decoder\.onnx is not the one that belongs to this model/],
  ['not found', /mask_decoder\.onnx is not on localhost:\d+ \(it answered 404\)/],
  ['refuse', /mask_decoder\.onnx could not be downloaded: the connection to localhost:\d+ failed/],
] as const) {
  test(`${fault}: a sentence, nothing of it is used, and the next try works`, async ({ page }) => {
    const models = new Models(page);
    await models.start();
    await models.open();
    hub.faults = [{ kind: fault, file: 'mask_decoder' }];
    await models.button('Download and use').click();
    await expect(models.row(NAME)).toContainText(sentence, { timeout: 60_000 });
    await models.runs('Embedded model');
    hub.faults = [];
    await models.button('Try again').click();
    await models.runs(NAME);
  });
}

test('a hub that lets no page read its files: the sentence says that this may be', async ({ page }) => {
  const models = new Models(page);
  await models.start();
  await models.open();
  hub.isCorsAllowed = false;
  await models.button('Download and use').click();
  await expect(models.row(NAME)).toContainText('or it does not let this page read its files');
  await models.runs('Embedded model');
});

test('where the storage is full a sentence says so, and with room the download goes on', async ({ page }) => {
  const models = new Models(page);
  await models.start();
  await models.open();
  const devtools = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + 1_000_000 });
  await models.button('Download and use').click();
  await expect(models.row(NAME)).toContainText('There is no room left for the model');
  await models.runs('Embedded model');
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await models.button('Try again').click();
  await models.runs(NAME);
});

test('files that are deleted are gone, and can be downloaded again', async ({ page }) => {
  const models = new Models(page);
  await models.start();
  await models.open();
  await models.button('Download and use').click();
  await models.runs(NAME);
  await models.row('Embedded model').getByRole('button', { name: 'Use', exact: true }).click();
  await models.runs('Embedded model');
  await models
    .row(NAME)
    .getByRole('button', { name: /^Delete the files/ })
    .click();
  await expect(models.button('Download and use')).toBeVisible();
  const asked = hub.requests.length;
  await models.button('Download and use').click();
  await models.runs(NAME);
  expect(hub.requests.length).toBe(asked + 6);
});

test('a model is not deleted while another tab downloads it', async ({ page, context }) => {
  const models = new Models(page);
  await models.start();
  await models.open();
  hub.hold({ kind: 'hold', file: 'mask_decoder', after: 1_100_000 });
  await models.button('Download and use').click();
  await expect(models.row(NAME)).toContainText('1.8 MB');

  const other = new Models(await context.newPage());
  await other.page.route('**/models/sam2.1-tiny.json', (route) => route.fulfill({ json: manifest }));
  await other.start();
  await other.open();
  await other
    .row(NAME)
    .getByRole('button', { name: /^Delete the files/ })
    .click();
  await expect(other.row(NAME)).toContainText('in use and cannot be deleted now');
  await other.page.close();

  hub.faults = [];
  hub.release();
  await models.runs(NAME);
});

test('a graph that is not what its manifest says is refused by name', async ({ page }) => {
  const { mask_decoder: decoder, memory_encoder: encoder } = manifest.graphs.fp32;
  if (!decoder || !encoder) throw new Error('The manifest has no decoder.');
  [manifest.graphs.fp32.mask_decoder, manifest.graphs.fp32.memory_encoder] = [encoder, decoder];
  const models = new Models(page);
  await models.start();
  await models.open();
  await models.button('Download and use').click();
  await expect(models.row(NAME)).toContainText(/The graph “mask_decoder” does not fit.*“feats0”/);
  await models.runs('Embedded model');
});

for (const folder of ['sam2.1-tiny-random', 'edgetam-tiny-random']) {
  test(`${folder} from a folder, and another visit without it`, async ({ page }) => {
    const models = new Models(page);
    await models.start(CLIP);
    await models.open();
    await page.getByLabel('Model folder').setInputFiles(resolve(MODELS, folder));
    await models.runs(folder);
    await expect(models.row(folder)).toContainText('added from a folder');
    await models.close();
    await models.app.clickAt(0.25, 0.6);
    await models.app.hasMask(1, 0, 'prompted');
    const likely = await models.app.mask(1, 0);
    await page.keyboard.press('r');
    await expect.poll(() => models.app.mask(1, 0), 'another mask for the click').not.toEqual(likely);
    await page.reload();
    await models.runs(folder);
  });
}

test('from the app’s own server, where the catalogue names a manifest in a folder', async ({ page }) => {
  const id = 'sam2.1-tiny-random';
  const catalogue = JSON.parse(await readFile('public/models/catalogue.json', 'utf8')) as object;
  await page.route('**/models/catalogue.json', (route) =>
    route.fulfill({ json: { ...catalogue, [id]: 'own/manifest.json' } }),
  );
  await page.route('**/models/own/**', (route) =>
    route.fulfill({
      path: resolve(MASKLET, new URL(route.request().url()).pathname.split('/').at(-1) ?? ''),
    }),
  );
  const models = new Models(page);
  await models.start();
  await models.open();
  await expect(models.row(id)).toContainText('comes with this app');
  await models.row(id).getByRole('button', { name: 'Download and use' }).click();
  await models.runs(id);
});

test('a folder of a hosted export, dropped on the page', async ({ page }) => {
  const models = new Models(page);
  await models.start();
  await dropPath(page, HOSTED);
  await models.runs('sam2.1-tiny-random-five');
});

test('the model in use is checked on a painted clip, and the report can be copied', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const models = new Models(page);
  // No clip is open.
  await models.start();
  await models.open();
  const check = page.getByRole('region', { name: 'Model check' });
  await check.getByRole('button', { name: 'Check the model' }).click();
  await expect(check.getByRole('status')).toHaveText(
    'The model works: its masks are those of the painted disc.',
  );
  const report = check.getByLabel('Report', { exact: true });
  await expect(report).toContainText('Nothing is wrong.');
  await expect(report).toContainText('GPU beside CPU: not compared. The model runs on the processor.');
  await check.getByRole('button', { name: 'Copy the report' }).click();
  await expect(page.getByText('The report is copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await report.textContent());

  // Random weights do not mask the disc, and what was found of the model before is gone.
  await page.getByLabel('Model folder').setInputFiles(MASKLET);
  await models.runs('sam2.1-tiny-random');
  await expect(report).toBeHidden();
  await check.getByRole('button', { name: 'Check the model' }).click();
  await expect(check.getByRole('alert')).toContainText('The masks are not the painted disc');
});

test('a folder that is not whole, or no model, is refused', async ({ page }) => {
  const models = new Models(page);
  await models.start();
  await models.open();
  const picker = page.getByLabel('Model folder');
  const dialog = page.getByRole('dialog');
  await picker.setInputFiles(resolve('fixtures/models/clip'));
  await expect(dialog.getByRole('alert')).toContainText('The folder has no model in it');
  const spoilt = test.info().outputPath('spoilt');
  const { cp, rm, writeFile } = await import('node:fs/promises');
  await cp(MASKLET, spoilt, { recursive: true });
  const graph = await readFile(resolve(spoilt, 'step.onnx'));
  graph[1000]! ^= 1;
  await writeFile(resolve(spoilt, 'step.onnx'), graph);
  await picker.setInputFiles(spoilt);
  await expect(dialog.getByRole('alert')).toContainText('The file step.onnx in the folder is not the one');
  await rm(resolve(spoilt, 'step.onnx'));
  await picker.setInputFiles(spoilt);
  await expect(dialog.getByRole('alert')).toContainText('The folder has no file step.onnx');
  await models.runs('Embedded model');
});

test('another model keeps the prompts and decodes them anew; undo gives the masks back', async ({ page }) => {
  const models = new Models(page);
  await models.start(CLIP);
  await models.app.clickAt(0.25, 0.6);
  await models.app.hasMask(1, 0, 'prompted');
  const before = await models.app.mask(1, 0);
  await models.open();
  await page.getByLabel('Model folder').setInputFiles(MASKLET);
  await models.runs('sam2.1-tiny-random');
  await models.close();
  await expect.poll(() => models.app.mask(1, 0)).not.toEqual(before);
  await models.app.hasMask(1, 0, 'prompted');
  await expect(page.getByRole('button', { name: /^Point / })).toHaveCount(1);
  await page.keyboard.press('Control+z');
  expect(await models.app.mask(1, 0)).toEqual(before);
});

/** Drops a file or folder of this machine on the page, as from a file manager. */
async function dropPath(page: Page, path: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
}
