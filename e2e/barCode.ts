import { expect } from '@playwright/test';
import { SOON, type App } from './app.ts';

export function fixture(name: string): string {
  return new URL(`fixtures/${name}`, import.meta.url).pathname;
}

/** What the stage shows: its size in pixels, and the number that the frame carries (tools/fixtures/make.mjs). */
export interface ShownFrame {
  readonly width: number;
  readonly height: number;
  /** -1 where there is no bar code. */
  readonly number: number;
}

/** Reads the bar code off the stage. */
export function shownFrame({ stage }: App): Promise<ShownFrame> {
  return stage.evaluate((element) => {
    const canvas = element.querySelector('canvas')!;
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d')!.getImageData(0, 0, width, 24).data;
    const isBright = (block: number) => pixels[(12 * width + block * 24 + 12) * 4 + 1]! > 128;
    let number = 0;
    for (let bit = 0; bit < 8; bit++) if (isBright(bit)) number |= 1 << bit;
    return { width, height, number: isBright(8) ? number : -1 };
  });
}

/** Waits until the stage shows the frame that carries this number. */
export async function expectShown(app: App, number: number): Promise<void> {
  await expect.poll(async () => (await shownFrame(app)).number, SOON).toBe(number);
}

/** Keeps the model from loading, which takes every core and is not needed to look at frames. */
export async function blockModel({ page }: App): Promise<void> {
  await page.route('**/*.onnx*', (route) => route.abort());
}
