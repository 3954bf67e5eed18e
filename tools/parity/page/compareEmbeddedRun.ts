import { rleIou, type MaskRle } from '../../../src/core/rle.ts';
import type { FramePrompts } from '../../../src/core/prompts.ts';
import { openClip } from '../../../workers/media/openClip.ts';
import type { DeviceTensor, GraphRuntime, GraphSession } from '../../../workers/models/graph.ts';
import { EmbeddedModel } from '../../../workers/tracker/embedded/embeddedModel.ts';
import type { EmbeddedFeatures } from '../../../workers/tracker/embedded/features.ts';
import { FeatureCache } from '../../../workers/tracker/featureCache.ts';
import { propagate } from '../../../workers/tracker/propagation.ts';
import { StageTimer } from '../../../workers/tracker/stageTimer.ts';
import { CACHE_BYTES, SAMPLE_CLICKS } from '../../bench/benchRun.ts';
import { read, startRuntime } from './devices.ts';

type Outputs = Readonly<Record<string, DeviceTensor>>;

/** A frame that was tracked on both devices. */
export interface ComparedFrame {
  readonly frame: number;
  readonly iou: number;
  readonly status: readonly [cpu: string, gpu: string];
  readonly score: readonly [cpu: number, gpu: number];
}

/**
 * Tracks the sample's rabbit with the embedded model on the CPU and on the GPU. An emulated GPU takes ten minutes for one pass
 * of the encoder: it is given what the CPU's has made.
 */
export async function compareEmbeddedRun(frames: number): Promise<ComparedFrame[]> {
  const { frame: first, points } = SAMPLE_CLICKS;
  const [x, y] = points[0] ?? [0, 0];
  const recorded: Outputs[] = [];
  const cpu = (await startRuntime('wasm')).runtime;
  const onCpu = await track(
    replaceEncoder(cpu, (encoder) => recording(encoder, recorded)),
    frames,
    {
      points: [{ x, y, label: 1 }],
    },
  );
  const gpu = (await startRuntime('webgpu')).runtime;
  const mask = onCpu[0]?.mask;
  if (!mask) throw new Error('Nothing was found to track.');
  const onGpu = await track(
    replaceEncoder(gpu, () => replaying(gpu, recorded)),
    frames,
    { points: [], mask },
  );
  return onCpu.flatMap((expected, i) => {
    const found = onGpu[i];
    if (!found || i === 0) return [];
    return {
      frame: first + i,
      iou: rleIou(expected.mask, found.mask),
      status: [expected.status, found.status] as const,
      score: [expected.score, found.score] as const,
    };
  });
}

async function track(
  runtime: GraphRuntime,
  frames: number,
  prompts: FramePrompts,
): Promise<{ mask: MaskRle; status: string; score: number }[]> {
  const [encoder, decoder, sample] = await Promise.all(
    ['models/encoder.fp32.onnx', 'models/decoder.onnx', 'sample.mp4'].map(read),
  );
  if (!encoder || !decoder || !sample) throw new Error('A file is missing.');
  const timer = new StageTimer();
  const source = await openClip(new Blob([sample]));
  const model = await EmbeddedModel.load(runtime, { encoder, decoder }, timer);
  const features = new FeatureCache<EmbeddedFeatures>(source, model, timer, CACHE_BYTES.embedded);
  const { frame: first } = SAMPLE_CLICKS;
  const spans = [{ first, last: first + frames, direction: 'forward' as const, behind: [], origin: first }];
  const tracked = [];
  const run = propagate(
    source,
    model,
    (index, work, frame) => features.use(index, work, frame),
    [{ objectId: 1, prompts: new Map([[first, prompts]]), spans }],
    new AbortController().signal,
  );
  for await (const { objects } of run) tracked.push(...objects);
  await features.dispose();
  await model.dispose();
  source.dispose();
  if (runtime.stats.liveBuffers > 0) throw new Error('Buffers are left.');
  runtime.dispose();
  return tracked;
}

/** The runtime with another session in the place of the embedded model's first, its encoder. */
function replaceEncoder(
  runtime: GraphRuntime,
  replace: (encoder: () => Promise<GraphSession>) => Promise<GraphSession>,
): GraphRuntime {
  const { gpu, tensors, stats } = runtime;
  let isFirst = true;
  return {
    ...{ gpu, tensors, stats },
    dispose: () => runtime.dispose(),
    load: (...graph) => {
      if (!isFirst) return runtime.load(...graph);
      isFirst = false;
      return replace(() => runtime.load(...graph));
    },
  };
}

async function recording(load: () => Promise<GraphSession>, recorded: Outputs[]): Promise<GraphSession> {
  const encoder = await load();
  return {
    ...encoder,
    runInPlace: async (feeds, names) => {
      const outputs = await encoder.runInPlace(feeds, names);
      recorded.push(outputs);
      return outputs;
    },
  };
}

/** Copies of what was recorded, one frame after the other. */
async function replaying({ tensors }: GraphRuntime, recorded: readonly Outputs[]): Promise<GraphSession> {
  let next = 0;
  const runInPlace: GraphSession['runInPlace'] = async (_, names) => {
    const outputs = recorded[next++];
    if (!outputs) throw new Error('The GPU encodes a frame that the CPU did not.');
    const copies = {} as Record<(typeof names)[number], DeviceTensor>;
    for (const name of names) {
      const output = outputs[name];
      if (output) copies[name] = tensors.join([output], output.dims);
    }
    return copies;
  };
  const run = () => Promise.reject(new Error('The encoder’s outputs stay on the GPU.'));
  return { inputs: [], outputs: [], run, runInPlace, dispose: () => Promise.resolve() };
}
