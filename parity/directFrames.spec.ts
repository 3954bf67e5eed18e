import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { COMPUTING_GPU, IS_REAL_GPU, STAGE_GPU } from '../e2e/chromiumGpu.ts';
import type { DirectOutcome, DirectTask } from './page/directFrames.ts';
import { pageInChromium } from './pageInChromium.ts';

/** Decoded frames on their way to a texture without a bitmap, in a browser that draws on an emulated GPU, which can do it. */

const UPRIGHT = ['tiny.mp4', 'tiny.webm', 'anamorphic.mp4'];
const FRAMES_OF_EACH = 2;
/** On average, of 8-bit values: frames that are turned or shifted are off by tens. */
const LIKE = IS_REAL_GPU ? 4 : 0.5;
/** The copy of the painted frame. */
const PAINTED = 1;
/** The copy that the first frame of a clip is compared with, and the one that the model is given. */
const FIRST_FRAME = 2;

test.setTimeout(600_000);

/** How the frames of some clips went to the GPU, one task after the other, and what the console said of each. */
async function give(tasks: readonly DirectTask[], args: readonly string[]) {
  const outcomes: (DirectOutcome & { readonly warnings: readonly string[] })[] = [];
  const fileOf = (path: string) =>
    path.startsWith('clips/') ? resolve('e2e/fixtures', path.slice(6)) : undefined;
  await pageInChromium(
    fileOf,
    async (page) => {
      const warnings: string[] = [];
      page.on('console', (message) => {
        if (message.text().startsWith('Decoded frames')) warnings.push(message.text());
      });
      for (const task of tasks) {
        const given = { ...task, paths: task.paths.map((path) => `clips/${path}`) };
        const outcome = await page.evaluate(
          (each) =>
            (window as unknown as { directFrames(task: DirectTask): Promise<DirectOutcome> }).directFrames(
              each,
            ),
          given,
        );
        outcomes.push({ ...outcome, warnings: warnings.splice(0) });
      }
    },
    args,
  );
  return outcomes;
}

test('decoded frames that are upright go without a bitmap where that gives the same, others through one', async () => {
  const [outcome] = await give([{ paths: [...UPRIGHT, 'rotated.mp4'] }], STAGE_GPU);
  expect(outcome).toMatchObject({
    directFrames: UPRIGHT.length * FRAMES_OF_EACH,
    bitmapFrames: FRAMES_OF_EACH,
    warnings: [],
    left: { buffers: 0, frames: 0 },
  });
  expect(outcome!.difference).toBeLessThanOrEqual(LIKE);
});

test('where the browser copies them wrongly, or not at all, they go through a bitmap, which is said once', async () => {
  const all = UPRIGHT.length * FRAMES_OF_EACH;
  const faults = ['other pixels', 'an exception', 'an invalid call'] as const;
  const tasks = [
    ...(['a lost device', ...faults] as const).map((fault) => ({ fault, after: 0, direct: 0 })),
    // As soon as frames come from a decoder.
    ...faults.map((fault) => ({ fault, after: PAINTED, direct: 0 })),
    // Once the first frames have been right.
    ...(['an exception', 'an invalid call'] as const).map((fault) => ({
      ...{ fault, after: PAINTED + FIRST_FRAME, direct: 1 },
    })),
  ];
  const outcomes = await give(
    tasks.map(({ fault, after }) => ({ paths: UPRIGHT, fault, after })),
    STAGE_GPU,
  );
  for (const [i, { direct, ...task }] of tasks.entries())
    expect(outcomes[i], JSON.stringify(task)).toEqual({
      ...{ directFrames: direct, bitmapFrames: all - direct, difference: expect.any(Number) },
      warnings: [expect.stringContaining('through a bitmap')],
      left: { buffers: 0, frames: 0 },
    });
  for (const { difference } of outcomes) expect(difference).toBeLessThanOrEqual(LIKE);
});

test('a browser that cuts the page off from the GPU over the first one gives it another device', async () => {
  test.skip(IS_REAL_GPU, 'A real GPU copies it.');
  const [outcome] = await give([{ paths: UPRIGHT }], COMPUTING_GPU);
  expect(outcome).toMatchObject({
    ...{ directFrames: 0, bitmapFrames: UPRIGHT.length * FRAMES_OF_EACH, difference: 0 },
    left: { buffers: 0, frames: 0 },
  });
  expect(outcome!.warnings).toHaveLength(1);
});
