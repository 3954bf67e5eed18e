import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { PagePairs } from '../../parity/page/pairs.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { PARTS, shapeName, WHOLE } from '../../workers/tracker/embedded/encoderShapes.ts';
import { cachePath, ensureGraphs } from '../graphs/embeddedGraphs.ts';
import { encoderPath } from './benchRun.ts';
import { graphOf } from './graphOf.ts';
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
 * The embedded encoder in Chromium’s WASM, in each precision, against the published one in onnxruntime-node; what it is given of a 16:9 frame
 * against the whole square, there and in Node; and on LiteRT against ONNX Runtime, both in Chromium.
 */
export async function encoderPairs(
  page: Page,
  precisions: readonly Precision[],
  rounds: number,
): Promise<BenchPair[]> {
  const task = 'the embedded encoder';
  const { encoder } = (await ensureGraphs()).manifest;
  const [wide] = PARTS.map(shapeName);
  const open = async (precision: Precision, shape?: string) => {
    const graph = await page.evaluateHandle(
      (given) => (window as unknown as PairsWindow).pairs.openGraph(...given),
      [encoderPath(precision), shape] as const,
    );
    return { name: named(`WASM, ${precision}`, shape), run: () => graph.evaluate(({ run }) => run()) };
  };
  const openInNode = async (shape?: string) => {
    const file = await readFile(cachePath(encoder.fp32));
    return {
      name: named('Node, fp32', shape),
      ...(await openGraph(createNodeRuntime(), graphOf(file, shape))),
    };
  };
  const pairs: BenchPair[] = [];
  for (const precision of precisions) {
    await startAnew(page);
    const published = await openInNode();
    const square = await open(precision);
    pairs.push(await takeTurns(task, square, published, rounds));
    await published.dispose();
    pairs.push(await takeTurns(task, await open(precision, wide), square, rounds));
  }
  if (precisions.includes('fp32')) {
    const graphs = [await openInNode(wide), await openInNode()] as const;
    pairs.push(await takeTurns(task, ...graphs, rounds));
    for (const graph of graphs) await graph.dispose();
  }
  if (precisions.includes('lite')) {
    await startAnew(page);
    pairs.push(await takeTurns(task, await open('lite'), await open('fp32'), rounds));
  }
  return pairs;
}

function named(where: string, shape = shapeName(WHOLE)): string {
  return `${where}, ${shape}`;
}

/** Lets go of what the page holds. */
async function startAnew(page: Page): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => 'pairs' in window);
}
