import type { CheckedModel, ModelCheck, ModelCheckEvent } from '../../../src/core/protocol/modelCheck.ts';
import type { FrameSource } from '../../../src/core/frames.ts';
import type { ObjectToTrack } from '../../../src/core/protocol/segmenter.ts';
import { rleIou, type MaskRle } from '../../../src/core/rle.ts';
import type { RuntimeStats } from '../../models/graph.ts';
import { FeatureCache } from '../run/featureCache.ts';
import { propagate } from '../run/propagation.ts';
import { StepTimer } from '../run/stepTimer.ts';
import type { AnyVideoModel } from '../videoModel.ts';
import { CHECK_FRAMES, DISC_CLICK, paintedDisc, trueMask } from './paintedDisc.ts';

/** A model to check, and what its runtime counts. */
export interface ModelToCheck {
  readonly model: AnyVideoModel;
  readonly stats: RuntimeStats;
  readonly about: CheckedModel;
}

/** The same model on the CPU, for a model on a GPU. */
export interface ModelOnCpu {
  readonly model: AnyVideoModel;
  dispose(): Promise<void>;
}

/** Room for the features of a frame or two beside the clicked one's, which are used again. */
const CACHE_BYTES = 64 * 2 ** 20;
const CLICKED = 0;
const PROMPTS = { points: [{ ...DISC_CLICK, label: 1 as const }] };

/**
 * Clicks on a painted disc, follows it through ten frames, and compares the masks with the true ones. The last event says what was
 * found.
 *
 * @param onCpu gives the same model on the CPU; says why it cannot be had, where that is known
 * @throws what the model throws
 */
export async function* checkModel(
  { model, stats, about }: ModelToCheck,
  onCpu: () => Promise<ModelOnCpu | string>,
  signal: AbortSignal,
): AsyncGenerator<ModelCheckEvent, void, undefined> {
  const before = structuredClone(stats.graphs);
  const started = performance.now();
  const ious: number[] = [];
  const source = paintedDisc();
  const features = new FeatureCache(source, model, new StepTimer(), CACHE_BYTES);
  features.prefer(CLICKED);
  try {
    for await (const mask of followDisc(source, model, features, signal)) {
      ious.push(rleIou(mask, trueMask(ious.length)));
      yield { type: 'frame', done: ious.length, total: CHECK_FRAMES };
    }
    const milliseconds = performance.now() - started;
    const graphs = Object.entries(stats.graphs).map(([name, { runs, milliseconds: all }]) => ({
      name,
      runs: runs - (before[name]?.runs ?? 0),
      milliseconds: all - (before[name]?.milliseconds ?? 0),
    }));
    yield { type: 'comparing' };
    const gpuBesideCpu = await besideCpu(model, features, onCpu);
    const check = {
      model: about,
      ious,
      milliseconds,
      graphs: graphs.filter(({ runs }) => runs > 0),
      gpuBesideCpu,
    };
    yield { type: 'checked', check };
  } finally {
    await features.dispose();
  }
}

/** The disc's masks, frame by frame. */
async function* followDisc(
  source: FrameSource,
  model: AnyVideoModel,
  features: FeatureCache<unknown>,
  signal: AbortSignal,
): AsyncGenerator<MaskRle, void, undefined> {
  const disc: ObjectToTrack = { objectId: 1, prompts: new Map([[CLICKED, PROMPTS]]) };
  const run = propagate(source, model, (...given) => features.use(...given), [disc], signal);
  for await (const { objects } of run) for (const { mask } of objects) yield mask;
}

async function besideCpu(
  model: AnyVideoModel,
  features: FeatureCache<unknown>,
  onCpu: () => Promise<ModelOnCpu | string>,
): Promise<ModelCheck['gpuBesideCpu']> {
  const found = await onCpu();
  if (typeof found === 'string') return { not: found };
  try {
    const here = await features.use(CLICKED, (seen) => clickedMask(model, seen));
    const there = await encodedAnew(found.model, (seen) => clickedMask(found.model, seen));
    const difference = here.logits.reduce(
      (most, logit, i) => Math.max(most, Math.abs(logit - (there.logits[i] ?? NaN))),
      0,
    );
    return { iou: rleIou(here.mask, there.mask), largestDifference: difference };
  } finally {
    await found.dispose();
  }
}

async function encodedAnew<Result>(
  model: AnyVideoModel,
  use: (features: unknown) => Promise<Result>,
): Promise<Result> {
  const features = await model.encode(await paintedDisc().frame(CLICKED));
  try {
    return await use(features);
  } finally {
    model.free(features);
  }
}

async function clickedMask(
  model: AnyVideoModel,
  features: unknown,
): Promise<{ mask: MaskRle; logits: Float32Array }> {
  const prompted = await model.segment(features, PROMPTS);
  model.free(prompted);
  return { mask: prompted.mask, logits: prompted.logits.data };
}
