import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { fromCocoRle, toCocoRle, type CocoRle } from '../../../src/core/cocoRle.ts';
import type { AttentionTask } from '../../../parity/page/attentionPair.ts';
import type { FollowTask } from '../../../parity/page/followMasked.ts';
import type { LiteRtPair, LiteRtTask } from '../../../parity/page/liteRtOnGpu.ts';
import type { Precision } from '../../../workers/models/manifestParts.ts';
import { openEvalClip } from '../../eval/clips.ts';
import { clipQuality, jAndF, measure } from '../../eval/measures.ts';
import type { Size } from '../../../src/core/geometry.ts';
import { EXPORTED, type BenchRun, type BenchTask } from '../benchRun.ts';
import { benchInPage } from '../chromium.ts';
import type { BenchPair } from '../takeTurns.ts';
import type { Figure, Part } from './runParts.ts';

/** What the measurements need that a machine may lack. */
export interface Given {
  readonly hasHalf: boolean;
  /** A folder of CLIP/frames and CLIP/masks. */
  readonly data: string | undefined;
  readonly clips: readonly string[];
  /** Exports of SAM 2.1 with tools/export, by name. */
  readonly exported: ReadonlyMap<string, string>;
  /** Where the page has one graph for both runtimes. */
  readonly graph: { readonly liteRt: string; readonly onnx: string };
}

/** How much of it is measured. */
export interface Extent {
  readonly frames: number;
  /** Numbers of objects that the embedded model follows. */
  readonly objects: readonly number[];
  readonly warmUp: number;
  readonly rounds: number;
  /** Of a frame whose memory attention is timed. */
  readonly cells: Size;
  /** Of each clip; all where left out. */
  readonly clipFrames?: number | undefined;
  readonly seconds: Seconds;
}

/** About how many seconds a part of each kind takes, with the loading of its model. */
interface Seconds {
  readonly embedded: number;
  readonly sam2: number;
  readonly quality: number;
  readonly attention: number;
  readonly liteRt: number;
}

export const ON_A_GPU: Seconds = { embedded: 30, sam2: 45, quality: 30, attention: 10, liteRt: 30 };

/** The exports of SAM 2.1 that are measured, by the folder of each. */
export const EXPORTS = ['tiny', 'tiny-five', 'small', 'small-five'] as const;

const NO_HALF = 'The GPU offers no float16 (shader-f16).';

/** All that `npm run bench:gpu` measures, what matters most first. */
export function allParts(given: Given, extent: Extent): Part<Page>[] {
  const best = given.hasHalf ? 'fp16' : 'fp32';
  return [
    embedded('fp16', true, given, extent),
    embedded('fp16', false, given, extent),
    exported('tiny', best, true, given, extent),
    exported('tiny', best, false, given, extent),
    ...qualityParts(best, given, extent),
    embedded('fp32', true, given, extent),
    embedded('fp32', false, given, extent),
    attention(extent),
    liteRt(best, given, extent),
    ...EXPORTS.slice(1).flatMap((name) =>
      [true, false].map((replay) => exported(name, best, replay, given, extent)),
    ),
  ];
}

function nameOf(what: string, replay: boolean): string {
  return replay ? what : `${what}, not replayed`;
}

function embedded(precision: Precision, replay: boolean, { hasHalf }: Given, extent: Extent): Part<Page> {
  return {
    name: nameOf(`embedded ${precision}`, replay),
    seconds: extent.seconds.embedded,
    missing: precision === 'fp16' && !hasHalf ? NO_HALF : undefined,
    measure: (page) =>
      frameRates(page, extent, { model: 'embedded', precision, replay, objects: extent.objects }),
  };
}

function exported(
  name: string,
  precision: Precision,
  replay: boolean,
  given: Given,
  extent: Extent,
): Part<Page> {
  const isThere = given.exported.has(name);
  return {
    name: nameOf(`SAM 2.1 ${name} ${precision}`, replay),
    seconds: extent.seconds.sam2,
    missing: isThere
      ? undefined
      : `The folder of exports (--sam2) has no “${name}”: tools/export/README.md says how it is made.`,
    measure: (page) =>
      frameRates(page, extent, { model: `${EXPORTED}${name}`, precision, replay, objects: [1] }),
  };
}

async function frameRates(
  page: Page,
  { frames, warmUp }: Extent,
  task: Pick<BenchTask, 'model' | 'precision' | 'replay' | 'objects'>,
) {
  const runs = await benchInPage(page, { device: 'webgpu', frames, warmUp, ...task });
  const figures = runs.flatMap(({ objects, msPerFrame }: BenchRun): Figure[] => {
    const what = objects === 1 ? '1 object' : `${objects} objects`;
    return [{ what, value: 1000 / msPerFrame, unit: 'frames/s' }];
  });
  const replayed = runs[0]?.replayed ?? [];
  const note = replayed.length > 0 ? `replayed: ${replayed.join(', ')}` : 'nothing replayed';
  return { figures, note, data: runs };
}

/** J&F of the embedded model on clips whose object is shown by its true mask. */
function qualityParts(precision: Precision, { data, clips }: Given, extent: Extent): Part<Page>[] {
  const seconds = extent.seconds.quality;
  if (data === undefined) {
    const missing = 'There are no clips with true masks (--data).';
    return [
      { name: `J&F ${precision}`, seconds, missing, measure: () => Promise.reject(new Error(missing)) },
    ];
  }
  return clips.map((name) => ({
    ...{ name: `J&F ${precision} ${name}`, seconds },
    async measure(page) {
      const { truth, first } = await openEvalClip(data, name, extent.clipFrames);
      const files = (await readdir(join(data, name, 'frames'))).filter((file) =>
        /\.(jpe?g|png)$/i.test(file),
      );
      const pictures = files.sort().slice(0, truth.length);
      const masks = await inPage<FollowTask, CocoRle[]>(page, 'followMasked', {
        precision,
        pictures: pictures.map((file) => `clips/${name}/frames/${file}`),
        first: toCocoRle(first),
      });
      const frames = truth.map((mask, frame) => measure(fromCocoRle(masks[frame]), mask));
      return { figures: [{ what: 'J&F', value: jAndF(clipQuality(frames)), unit: '' }], data: frames };
    },
  }));
}

/** The memory attention of all objects, by kernels and as a graph. */
function attention({ objects, rounds, cells, seconds }: Extent): Part<Page> {
  return {
    name: 'memory attention',
    seconds: seconds.attention,
    async measure(page) {
      const data: BenchPair[] = [];
      for (const each of objects)
        data.push(
          await inPage<AttentionTask, BenchPair>(page, 'attentionPair', {
            objects: each,
            rounds,
            grid: cells,
          }),
        );
      const figures = data.flatMap(({ task, ours, oursMs, baseline, baselineMs }): Figure[] => [
        { what: `${task}, ${ours}`, value: oursMs, unit: 'ms' },
        { what: `${task}, ${baseline}`, value: baselineMs, unit: 'ms' },
      ]);
      return { figures, data };
    },
  };
}

/** The embedded encoder on LiteRT's WebGPU accelerator and on ONNX Runtime's. */
function liteRt(precision: 'fp16' | 'fp32', { graph }: Given, { rounds, seconds }: Extent): Part<Page> {
  return {
    name: `encoder on LiteRT and ONNX Runtime ${precision}`,
    seconds: seconds.liteRt,
    async measure(page) {
      const pair = await inPage<LiteRtTask, LiteRtPair>(page, 'liteRtOnGpu', {
        ...{ precision, rounds, ...graph },
      });
      return {
        figures: [
          { what: 'LiteRT', value: pair.baselineMs, unit: 'ms' },
          { what: 'ONNX Runtime', value: pair.oursMs, unit: 'ms' },
        ],
        note: `largest difference ${pair.distance.toPrecision(2)}`,
        data: pair,
      };
    },
  };
}

/** Calls what the page has on its window, on a page of its own. */
async function inPage<Task, Result>(page: Page, name: string, task: Task): Promise<Result> {
  await page.reload();
  await page.waitForFunction(() => 'parity' in window);
  const called = await page.evaluateHandle(
    (given) => (window as unknown as Record<string, (task: unknown) => Promise<Result>>)[given],
    name,
  );
  return called.evaluate((call, given) => {
    if (!call) throw new Error('The page has no such function.');
    return call(given);
  }, task as unknown);
}
