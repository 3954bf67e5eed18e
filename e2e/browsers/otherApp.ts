import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import { unzipSync } from 'fflate';
import type { CocoRle } from '../../src/core/cocoRle.ts';
import type { DebugState } from '../app.ts';

/** A browser that Playwright does not drive, with one page. */
export interface OtherBrowser {
  readonly goto: (address: string) => Promise<void>;
  readonly reload: () => Promise<void>;
  /** The value of an expression on the page, or what its promise gives; a value that JSON can hold. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Clicks with the mouse at a place of the window, in CSS pixels. */
  readonly click: (x: number, y: number) => Promise<void>;
  /** Presses a key by its name in `KeyboardEvent.key`. */
  readonly press: (key: string) => Promise<void>;
  /** Gives an input its file. */
  readonly chooseFile: (selector: string, path: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A folder that a browser saves downloads to. */
export class Downloads {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Downloads> {
    return new Downloads(await mkdtemp(join(tmpdir(), 'masklet-downloads-')));
  }

  /** Waits for a ZIP, and gives its files. */
  async unzip(): Promise<Record<string, Uint8Array>> {
    let files: Record<string, Uint8Array> | undefined;
    await expect(async () => {
      const name = (await readdir(this.folder)).find((each) => each.endsWith('.zip'));
      // Until all of it has come, its end is missing, and it is no ZIP.
      files = unzipSync(await readFile(join(this.folder, name ?? 'none')));
    }).toPass({ timeout: 60_000 });
    return files ?? {};
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The app in a browser that Playwright does not drive, as a person drives it. */
export class OtherApp {
  readonly browser: OtherBrowser;

  constructor(browser: OtherBrowser) {
    this.browser = browser;
  }

  async state(): Promise<DebugState> {
    return (await this.browser.evaluate('window.masklet.state()')) as DebugState;
  }

  async mask(objectId: number, frame: number): Promise<CocoRle | null> {
    return (await this.browser.evaluate(`window.masklet.mask(${objectId}, ${frame})`)) as CocoRle | null;
  }

  /** Waits until the model is loaded, a clip is open, and nothing runs. */
  async ready(): Promise<void> {
    await expect.poll(async () => (await this.state()).phase, { timeout: 120_000 }).toBe('ready');
  }

  async openFile(name: string): Promise<void> {
    const path = resolve(import.meta.dirname, '../fixtures', name);
    await this.browser.chooseFile('input[aria-label="Open video or image"]', path);
  }

  /** The words of each alert. */
  async alerts(): Promise<string> {
    return (await this.browser.evaluate(
      `Array.from(document.querySelectorAll('[role=alert]'), (alert) => alert.textContent).join('\\n')`,
    )) as string;
  }

  /** Waits until the page shows these words. */
  async shows(words: string): Promise<void> {
    await expect
      .poll(() => this.browser.evaluate(`document.body.innerText.includes(${JSON.stringify(words)})`))
      .toBe(true);
  }

  /** Clicks a button by its name. */
  async clickButton(name: string): Promise<void> {
    const { x, y, width, height } = await this.#box(
      `Array.from(document.querySelectorAll('button:enabled')).findLast(
        (button) =>
          button.checkVisibility() && (button.ariaLabel ?? button.textContent).trim() === ${JSON.stringify(name)},
      )`,
    );
    await this.browser.click(x + width / 2, y + height / 2);
  }

  /** Clicks on the stage at a share of its width and height. */
  async clickAt(x: number, y: number): Promise<void> {
    const box = await this.#box(`document.querySelector('[data-testid=stage]')`);
    await this.browser.click(box.x + x * box.width, box.y + y * box.height);
  }

  /** Waits for an object to have a mask with this status on this frame. */
  async hasMask(objectId: number, frame: number, status: string): Promise<void> {
    const found = async () =>
      (await this.state()).objects.find(({ id }) => id === objectId)?.frames[frame]?.status;
    await expect.poll(found, { timeout: 120_000 }).toBe(status);
  }

  /** Where an element is, once it is there, at rest, and covered by nothing. */
  async #box(element: string): Promise<Box> {
    const find = `(() => {
      const element = ${element};
      const box = element?.getBoundingClientRect();
      if (!box) return null;
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return element.contains(top) ? { x: box.x, y: box.y, width: box.width, height: box.height } : null;
    })()`;
    let box: Box | null = null;
    await expect(async () => {
      const before = box;
      box = (await this.browser.evaluate(find)) as Box | null;
      expect(box).not.toBeNull();
      expect(box).toEqual(before);
    }).toPass({ timeout: 60_000 });
    return box!;
  }
}
