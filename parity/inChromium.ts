import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import type { compareRun } from '../workers/tracker/sam2/testing/parityFixture.ts';
import { pageInChromium } from './pageInChromium.ts';

export type Compared = Awaited<ReturnType<typeof compareRun>>;

/** Gives `compare` a way to play runs of a folder of fixtures in Chromium, on WASM with threads as the app has it. */
export async function inChromium<Result>(
  folder: string,
  compare: (play: (model: string, run: string) => Promise<Compared>) => Promise<Result>,
): Promise<Result> {
  const fileOf = (path: string) => {
    const fixture = /^fixtures\/(.*)/.exec(path)?.[1];
    return fixture === undefined ? undefined : resolve(folder, fixture);
  };
  return pageInChromium(fileOf, (page) => compare((model, run) => playOn(page, model, run)));
}

function playOn(page: Page, model: string, run: string): Promise<Compared> {
  return page.evaluate(
    (args) => (window as unknown as { parity(...args: string[]): Promise<Compared> }).parity(...args),
    [model, run, 'wasm'],
  );
}
