import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { PagePairs } from '../../parity/page/pairs.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { cachePath, ensureGraphs } from '../graphs/embeddedGraphs.ts';
import { encoderPath } from './benchRun.ts';
import { openGraph } from './openGraph.ts';
import { takeTurns, type BenchPair } from './takeTurns.ts';

/** What the page offers beside its own things. */
interface PairsWindow {
  readonly pairs: PagePairs;
}

/** How a frame becomes the encoder's input on the CPU: the tracker's way, and that of a canvas and a loop over its pixels. */
export async function preparationPair(page: Page, rounds: number): Promise<BenchPair> {
  await startAnew(page);
  const frame = await page.evaluateHandle(() => (window as unknown as PairsWindow).pairs.openFrame());
  return takeTurns(
    'a 1280×720 frame to the encoder’s input',
    { name: 'draw, read, resize', run: () => frame.evaluate(({ ours }) => ours()) },
    { name: 'draw scaled, read, loop', run: () => frame.evaluate(({ baseline }) => baseline()) },
    rounds,
  );
}

/**
 * The embedded encoder in Chromium’s WASM, in each precision, against the published one in onnxruntime-node; and on LiteRT against ONNX
 * Runtime, both in Chromium.
 */
export async function encoderPairs(
  page: Page,
  precisions: readonly Precision[],
  rounds: number,
): Promise<BenchPair[]> {
  const task = 'the embedded encoder';
  const { encoder } = (await ensureGraphs()).manifest;
  const open = async (precision: Precision) => {
    const graph = await page.evaluateHandle(
      (path) => (window as unknown as PairsWindow).pairs.openGraph(path),
      encoderPath(precision),
    );
    return { name: `WASM, ${precision}`, run: () => graph.evaluate(({ run }) => run()) };
  };
  const pairs: BenchPair[] = [];
  for (const precision of precisions) {
    await startAnew(page);
    const native = await openGraph(createNodeRuntime(), await readFile(cachePath(encoder.fp32)));
    const published = { name: 'Node, fp32', run: native.run };
    pairs.push(await takeTurns(task, await open(precision), published, rounds));
    await native.dispose();
  }
  if (precisions.includes('lite')) {
    await startAnew(page);
    pairs.push(await takeTurns(task, await open('lite'), await open('fp32'), rounds));
  }
  return pairs;
}

/** Lets go of what the page holds. */
async function startAnew(page: Page): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => 'pairs' in window);
}
