/**
 * `npm run picture [-- FOLDER]`: the README's moving picture, `docs/masklet.webp`, of the real app at work on the sample. Each
 * state of the page is one screenshot, shown for a set time, so that the picture does not depend on how fast the machine is. With
 * a folder given, the screenshots are kept there, to be looked at. Needs `ffmpeg`.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Locator, type Page } from '@playwright/test';
import { App } from '../e2e/app.ts';
import { addressOf, chromiumOptions, serveApp } from './onPage.ts';
import { root } from './setup.mjs';

const OUTPUT = join(root, 'docs/masklet.webp');
const VIEWPORT = { width: 1120, height: 700 };
const WIDTH = 900;
const MAX_BYTES = 3_000_000;
/** The frames of the sample that are tracked, the one that is clicked first, and the one that is corrected. */
const [FIRST, LAST, CORRECTED] = [40, 48, 44];
/** Places on the stage, as shares of its width and height: the rabbit on the first frame, his ear on the corrected one. */
const [RABBIT, EAR] = [
  { x: 0.36, y: 0.5 },
  { x: 0.398, y: 0.087 },
];
/** Seconds that a state is shown. */
const SECONDS = { move: 0.06, tracked: 0.22, played: 0.09, glance: 0.6, look: 1.1, read: 1.8 };

/** How often the page is asked whether a frame has been tracked. */
const POLL_MS = 200;

/** Records a page: screenshots and how long each is shown, and a drawn pointer, which screenshots leave out. */
class Recorder {
  readonly page: Page;
  readonly folder: string;
  private readonly shots: { file: string; seconds: number }[] = [];
  private at = { x: VIEWPORT.width * 0.62, y: VIEWPORT.height * 0.62 };

  constructor(page: Page, folder: string) {
    this.page = page;
    this.folder = folder;
  }

  async shoot(seconds: number): Promise<void> {
    await this.drawPointer();
    const file = `${String(this.shots.length).padStart(3, '0')}.png`;
    await this.page.screenshot({ path: join(this.folder, file) });
    this.shots.push({ file, seconds });
  }

  /**
   * Moves the pointer in a few steps, each of them a screenshot. The page is told of the last one only: what it previews on the way
   * would depend on the machine's speed.
   */
  async moveTo(to: { x: number; y: number }, steps = 6): Promise<void> {
    const from = this.at;
    for (let step = 1; step <= steps; step++) {
      const share = step / steps;
      this.at = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
      await this.shoot(SECONDS.move);
    }
    await this.page.mouse.move(to.x, to.y);
  }

  /** Moves the pointer to a thing on the page and clicks it. */
  async click(target: Locator): Promise<void> {
    const box = await target.boundingBox();
    if (!box) throw new Error('There is nothing to click.');
    await this.moveTo({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    await this.press();
  }

  async press(): Promise<void> {
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  /** Joins the screenshots to an animated WebP. */
  async join(output: string): Promise<void> {
    const last = this.shots.at(-1);
    if (!last) throw new Error('Nothing was recorded.');
    const lines = this.shots.map(({ file, seconds }) => `file '${file}'\nduration ${seconds}`);
    // The format takes the duration of the last picture from one that follows it.
    await writeFile(join(this.folder, 'list.txt'), `${lines.join('\n')}\nfile '${last.file}'\n`);
    await promisify(execFile)(
      'ffmpeg',
      [
        ...['-y', '-loglevel', 'error', '-f', 'concat', '-i', 'list.txt', '-fps_mode', 'vfr'],
        ...['-vf', `scale=${WIDTH}:-2:flags=lanczos`, '-c:v', 'libwebp_anim', '-quality', '60'],
        ...['-compression_level', '4', '-loop', '0', output],
      ],
      { cwd: this.folder },
    );
  }

  private drawPointer(): Promise<void> {
    return this.page.evaluate(({ x, y }) => {
      const NAME = 'drawn-pointer';
      const svg = 'http://www.w3.org/2000/svg';
      let pointer = document.getElementById(NAME);
      if (!pointer) {
        pointer = document.createElement('div');
        pointer.id = NAME;
        pointer.setAttribute('aria-hidden', 'true');
        const picture = document.createElementNS(svg, 'svg');
        picture.setAttribute('viewBox', '0 0 20 20');
        picture.setAttribute('width', '28');
        const path = document.createElementNS(svg, 'path');
        path.setAttribute('d', 'M1 1 L1 16 L5 12.5 L8 19 L11 17.5 L8 11.5 L13.5 11.5 Z');
        path.setAttribute('fill', '#fff');
        path.setAttribute('stroke', '#000');
        picture.append(path);
        pointer.append(picture);
        Object.assign(pointer.style, { position: 'fixed', zIndex: '9999', pointerEvents: 'none' });
        document.body.append(pointer);
      }
      Object.assign(pointer.style, { left: `${x}px`, top: `${y}px` });
    }, this.at);
  }
}

/** Presses Track and shoots each frame as its mask comes. */
async function track(app: App, recorder: Recorder): Promise<void> {
  const tracked = async () =>
    Object.values((await app.state()).objects[0]?.frames ?? {}).filter(({ status }) => status === 'tracked')
      .length;
  await recorder.click(app.button('Track'));
  let seen = -1;
  while ((await app.state()).phase !== 'ready') {
    const count = await tracked();
    if (count !== seen) await recorder.shoot(SECONDS.tracked);
    seen = count;
    await app.page.waitForTimeout(POLL_MS);
  }
  await recorder.shoot(SECONDS.glance);
}

/** Goes through the tracked frames as playing does. */
async function play(app: App, recorder: Recorder, from: number): Promise<void> {
  await app.goToFrame(from);
  for (let frame = from; frame <= LAST; frame++) {
    if (frame > from) await app.page.keyboard.press('ArrowRight');
    await app.ready();
    await recorder.shoot(SECONDS.played);
  }
}

async function record(app: App, recorder: Recorder): Promise<void> {
  const { page } = app;
  const onStage = async ({ x, y }: { x: number; y: number }) => {
    const box = await app.stageBox();
    return { x: box.x + x * box.width, y: box.y + y * box.height };
  };
  await app.goto();
  await app.openSample();
  await app.goToFrame(LAST);
  await page.keyboard.press('o');
  await app.goToFrame(FIRST);
  await page.keyboard.press('i');
  await app.ready();
  await recorder.shoot(SECONDS.look);

  await recorder.moveTo(await onStage(RABBIT), 10);
  await page.getByTestId('preview').waitFor();
  await recorder.shoot(SECONDS.look);
  await recorder.press();
  await app.hasMask(1, FIRST, 'prompted');
  await app.ready();
  await recorder.shoot(SECONDS.look);
  await track(app, recorder);
  await play(app, recorder, FIRST);

  await app.goToFrame(CORRECTED);
  await app.ready();
  await recorder.moveTo(await onStage(EAR), 10);
  await recorder.shoot(SECONDS.glance);
  await recorder.press();
  await app.hasMask(1, CORRECTED, 'prompted');
  await app.ready();
  await recorder.shoot(SECONDS.look);
  await page.keyboard.press('ArrowRight');
  await app.ready();
  await recorder.shoot(SECONDS.look);
  await track(app, recorder);
  await play(app, recorder, FIRST);

  await recorder.click(app.button('Export'));
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.waitFor();
  await recorder.shoot(SECONDS.look);
  const download = page.waitForEvent('download');
  await recorder.click(dialog.getByRole('button', { name: 'Save', exact: true }));
  await download;
  await recorder.shoot(SECONDS.read);
}

const [kept] = process.argv.slice(2);
const folder = kept ?? (await mkdtemp(join(tmpdir(), 'masklet-picture-')));
await mkdir(folder, { recursive: true });
const server = await serveApp();
const browser = await chromium.launch(await chromiumOptions());
try {
  const page = await browser.newPage({
    baseURL: addressOf(server),
    viewport: VIEWPORT,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const recorder = new Recorder(page, folder);
  await record(new App(page), recorder);
  await recorder.join(OUTPUT);
  const { size } = await stat(OUTPUT);
  console.log(`${OUTPUT}: ${(size / 1e6).toFixed(2)} MB`);
  if (size > MAX_BYTES) process.exitCode = 1;
} finally {
  await browser.close();
  await server.close();
  if (kept === undefined) await rm(folder, { recursive: true, force: true });
}
