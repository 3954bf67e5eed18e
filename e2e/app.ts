import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test as base, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import type { CocoRle } from '../src/core/cocoRle.ts';

/** Tests with this tag judge masks, or the loading of the weights: they run with the real model. */
export const REAL = { tag: '@real' } as const;

/** The stand-in for the embedded model, which tools/fixtures/paintedModel.ts makes. */
const PAINTED = 'fixtures/models/painted';

/** Puts the painted model in place of the embedded one. */
export async function usePaintedModel(context: BrowserContext): Promise<void> {
  await context.route('**/models/embedded.json', (route) =>
    route.fulfill({ path: `${PAINTED}/manifest.json` }),
  );
  await context.route('**/models/painted/*.onnx', (route) =>
    route.fulfill({ path: `${PAINTED}/${basename(new URL(route.request().url()).pathname)}` }),
  );
}

/**
 * Puts the painted model in place of the embedded one, and has its worker see one processor. Its graphs are small: ONNX Runtime's threads
 * would spin most of the time while they wait for each other, and take the processor from other tests.
 */
export async function useLightModel(context: BrowserContext): Promise<void> {
  await usePaintedModel(context);
  const single = `Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 });`;
  await context.route('**/segmenter.worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${single}${await response.text()}` });
  });
}

/**
 * A test of the app. In the project `light` the embedded model's files are those of the painted model, which only knows brightness:
 * it loads at once, and a frame takes less than half a second.
 */
export const test = base.extend({
  context: async ({ context }, use, { project }) => {
    if (project.name === 'light') await useLightModel(context);
    await use(context);
    // A short test may be over while a worker's script is still on its way.
    await context.unrouteAll({ behavior: 'ignoreErrors' });
  },
});

/** How often a state is asked for while a test waits for it, in milliseconds: most are there within a few frames. */
export const SOON = { intervals: [20, 50, 100, 250] };

/** How often a worker is asked for a sign of life, in milliseconds; see src/engine/pulse.ts. */
const ASKED = 5_000;

/** What `window.masklet` shows; see src/app/debugView.ts. */
export interface DebugState {
  readonly phase: string;
  readonly frame: number;
  readonly frameCount: number;
  readonly project: {
    readonly id: string | null;
    readonly name: string;
    readonly saved: 'saved' | 'saving' | 'failed' | 'off';
    readonly persistent: boolean;
  };
  readonly objects: readonly {
    readonly id: number;
    readonly name: string;
    readonly frames: Readonly<Record<number, { readonly status: string; readonly score: number }>>;
  }[];
}

interface DebugWindow {
  masklet: {
    state(): DebugState;
    mask(objectId: number, frame: number): CocoRle | null;
    renderer(): 'canvas' | 'gpu';
  };
}

/** The app as a person drives it. */
export class App {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page, and waits until it is drawn: a key that is pressed before is lost. */
  async goto(): Promise<void> {
    await this.page.goto('/');
    await expect(this.page.locator('#root > *').first()).toBeVisible();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get stage(): Locator {
    return this.page.getByTestId('stage');
  }

  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  get notice(): Locator {
    return this.page.getByTestId('notice');
  }

  state(): Promise<DebugState> {
    return this.page.evaluate(() => (window as unknown as DebugWindow).masklet.state());
  }

  mask(objectId: number, frame: number): Promise<CocoRle | null> {
    return this.page.evaluate(([id, at]) => (window as unknown as DebugWindow).masklet.mask(id, at), [
      objectId,
      frame,
    ] as const);
  }

  /** What draws the stage. */
  renderer(): Promise<'canvas' | 'gpu'> {
    return this.page.evaluate(() => (window as unknown as DebugWindow).masklet.renderer());
  }

  /** Waits until the model is loaded, a clip is open, and nothing runs. */
  async ready(): Promise<void> {
    await expect.poll(async () => (await this.state()).phase, { ...SOON, timeout: 180_000 }).toBe('ready');
  }

  /** Has the page find no storage for projects, as in a private window of some browsers. To be called before `goto`. */
  async refuseStorage(): Promise<void> {
    await this.page.addInitScript(() => {
      StorageManager.prototype.getDirectory = () =>
        Promise.reject(new DOMException('No storage.', 'SecurityError'));
    });
  }

  /** Leaves the page no dialog that tells where a file is, as in some browsers: a test cannot answer it. To be called before `goto`. */
  async refuseHandles(): Promise<void> {
    await this.page.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  }

  async openSample(): Promise<void> {
    await this.button('Try the sample').click();
    await this.ready();
  }

  async openFile(path: string): Promise<void> {
    await this.page.getByLabel('Open video or image').setInputFiles(path);
  }

  /** Opens the page with a small clip, and masks its disc on the first frame. @param x, y where it is clicked, in shares of the frame */
  async openDisc(x = 0.25, y = 110 / 180): Promise<void> {
    await this.goto();
    await this.openFile('e2e/fixtures/tiny.mp4');
    await this.ready();
    await this.clickAt(x, y);
    await this.hasMask(1, 0, 'prompted');
  }

  /** Waits for what is saved of the work. */
  async isSaved(as: 'saved' | 'saving' = 'saved', timeout?: number): Promise<void> {
    await expect
      .poll(async () => (await this.state()).project.saved, { ...SOON, ...(timeout && { timeout }) })
      .toBe(as);
  }

  /**
   * Has a worker answer no more, as one that a damaged file leads round in circles; but it takes no processor from other tests. One that has
   * just been ended may still be listed.
   */
  async hang(name: string): Promise<void> {
    await expect(async () => {
      const worker = this.page.workers().findLast((each) => each.url().includes(`/${name}.worker`));
      await worker!.evaluate(() => {
        setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
      });
    }).toPass();
  }

  /**
   * Lets time pass by the page's clock, which the test has installed, as often as a worker is asked for a sign of life: one that hangs is
   * ended when its patience is over, without a wait.
   */
  async passTime(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += ASKED) await this.page.clock.runFor(ASKED);
  }

  /** Moves the playhead by keyboard. */
  async goToFrame(frame: number): Promise<void> {
    const slider = this.page.getByRole('slider', { name: 'Frame' });
    // Right after a clip is opened the page may still show the one before.
    await expect
      .poll(async () => Number(await slider.getAttribute('aria-valuemax')), SOON)
      .toBe(((await this.state()).frameCount ?? 1) - 1);
    await slider.focus();
    await slider.press('Home');
    for (let tens = 0; tens < Math.floor(frame / 10); tens++) await slider.press('Shift+ArrowRight');
    for (let ones = 0; ones < frame % 10; ones++) await slider.press('ArrowRight');
    await expect.poll(async () => (await this.state()).frame, SOON).toBe(frame);
  }

  /** Clicks on the stage at a share of its width and height. */
  async clickAt(
    x: number,
    y: number,
    options: { button?: 'right'; modifiers?: ['Alt'] } = {},
  ): Promise<void> {
    const box = await this.stageBox();
    await this.stage.click({ position: { x: x * box.width, y: y * box.height }, ...options });
  }

  async dragBox(x0: number, y0: number, x1: number, y1: number): Promise<void> {
    const box = await this.stageBox();
    await this.page.mouse.move(box.x + x0 * box.width, box.y + y0 * box.height);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + ((x0 + x1) / 2) * box.width, box.y + ((y0 + y1) / 2) * box.height);
    await this.page.mouse.move(box.x + x1 * box.width, box.y + y1 * box.height);
    await this.page.mouse.up();
  }

  /** Waits for an object to have a mask with this status on this frame. */
  async hasMask(objectId: number, frame: number, status: string): Promise<void> {
    await expect
      .poll(
        async () => (await this.state()).objects.find(({ id }) => id === objectId)?.frames[frame]?.status,
        { ...SOON, timeout: 180_000 },
      )
      .toBe(status);
  }

  /** Drops a file on the page, as from a file manager. */
  async dropFile(path: string, type: string): Promise<void> {
    const base64 = (await readFile(path)).toString('base64');
    const dataTransfer = await this.page.evaluateHandle(
      ([content, name, mime]) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: mime }));
        return transfer;
      },
      [base64, basename(path), type] as const,
    );
    for (const event of ['dragenter', 'dragover', 'drop']) {
      await this.page.dispatchEvent('body', event, { dataTransfer });
    }
  }

  /** Exports all masks and gives the files of the ZIP. */
  async exportFiles({ binary = false } = {}): Promise<Record<string, Uint8Array>> {
    await this.button('Export').click();
    const dialog = this.page.getByRole('dialog', { name: 'Export' });
    if (binary) await dialog.getByRole('checkbox').check();
    const download = this.page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    return unzipSync(await readFile(await (await download).path()));
  }

  /** How many files of exports are in the browser's private storage. */
  exportsKept(): Promise<number> {
    return this.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('exports', { create: true });
      let count = 0;
      for await (const _ of folder.keys()) count++;
      return count;
    });
  }

  async stageBox() {
    const box = await this.stage.boundingBox();
    if (!box) throw new Error('The stage is not on the page.');
    return box;
  }
}
