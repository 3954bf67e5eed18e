import type { Frame, FrameSource } from '../../src/core/frames.ts';
import { rleIou } from '../../src/core/rle.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import { openClip } from '../../workers/media/openClip.ts';
import type { DeviceTensor, GraphRuntime } from '../../workers/models/graph.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import type { EmbeddedFeatures } from '../../workers/tracker/embedded/features.ts';
import { propagate } from '../../workers/tracker/run/propagation.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { SAMPLE_CLICKS } from '../../tools/bench/benchRun.ts';
import type { RealComparison, RealTask } from '../realTask.ts';
import { read, startRuntime } from './devices.ts';

/** What of a frame's features is compared. */
const COMPARED = ['imageEmbedding', 'descriptors', 'meanDescriptor'] as const;

/** The embedded model with its weights, on the GPU and on the CPU: features of frames, and masks of a run on the sample. */
export async function compareReal({
  precision,
  encoded,
  frames,
  objects,
}: RealTask): Promise<RealComparison> {
  const clip = await openClip(new Blob([await read('sample.mp4')]));
  const [cpu, gpu] = [await load('wasm', 'fp32'), await load('webgpu', precision)];
  const first = SAMPLE_CLICKS.frame;
  const onCpu: EmbeddedFeatures[] = [];
  const onGpu: EmbeddedFeatures[] = [];
  const errors: RealComparison['errors'][number][] = [];
  for (let i = 0; i < frames; i++) {
    const encode = async ({ model }: Loaded) => {
      const frame = await clip.frame(first + i);
      return model.encode(frame).finally(() => frame.close());
    };
    const expected = await encode(cpu);
    onCpu.push(expected);
    onGpu.push(i < encoded ? await encode(gpu) : upload(gpu.runtime, expected));
    const found = onGpu[i];
    if (!found || i >= encoded) continue;
    for (const name of COMPARED)
      errors.push({
        frame: first + i,
        name,
        error: await relativeError(gpu.runtime, found[name], expected[name]),
      });
  }
  const expected = await track(cpu.model, onCpu, objects);
  const found = await track(gpu.model, onGpu, objects);
  const masks = expected.map((each, i) => {
    const other = found[i];
    return {
      frame: first + Math.floor(i / objects),
      iou: other ? rleIou(each.mask, other.mask) : 0,
      scores: [each.score, other?.score ?? NaN] as const,
    };
  });
  for (const features of onGpu) gpu.model.free(features);
  await Promise.all([cpu.model.dispose(), gpu.model.dispose()]);
  const left = gpu.runtime.stats.liveBuffers;
  for (const { runtime } of [cpu, gpu]) runtime.dispose();
  clip.dispose();
  return { device: gpu.label, errors, masks, left };
}

type Loaded = Awaited<ReturnType<typeof load>>;

async function load(device: 'wasm' | 'webgpu', precision: string) {
  const { runtime, device: info } = await startRuntime(device);
  const paths = [`models/encoder.${precision}.onnx`, 'models/decoder.onnx'];
  const [encoder, decoder] = await Promise.all(paths.map(read));
  if (!encoder || !decoder) throw new Error('A file is missing.');
  return {
    ...{ runtime, label: info.label },
    model: await EmbeddedModel.load(runtime, { encoder, decoder }, new StepTimer()),
  };
}

function upload({ tensors }: GraphRuntime, features: EmbeddedFeatures): EmbeddedFeatures {
  const send = (values: DeviceTensor) => tensors.join([values], values.dims);
  const { imageEmbedding, descriptors, meanDescriptor } = features;
  return {
    ...features,
    imageEmbedding: send(imageEmbedding),
    descriptors: send(descriptors),
    meanDescriptor: send(meanDescriptor),
  };
}

/** Length of the difference by the length of what is expected. */
async function relativeError(
  { tensors }: GraphRuntime,
  found: DeviceTensor,
  expected: DeviceTensor,
): Promise<number> {
  const [values, wanted] = await tensors.read([found, expected]);
  let [difference, length] = [0, 0];
  wanted.data.forEach((value, i) => {
    difference += (value - (values.data[i] ?? NaN)) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(difference / length);
}

/** Follows the sample's first objects from a click each, through frames whose features are given. */
async function track(
  model: EmbeddedModel,
  features: readonly EmbeddedFeatures[],
  objects: number,
): Promise<TrackedObject[]> {
  const [known] = features;
  if (!known) throw new RangeError('There is no frame.');
  const tracked: TrackedObject[] = [];
  const run = propagate(
    new KnownFrames(known.video, features.length),
    model,
    async (index, work) => {
      const found = features[index];
      if (!found) throw new RangeError(`There is no frame ${index}.`);
      return work(found);
    },
    SAMPLE_CLICKS.points.slice(0, objects).map(([x, y], i) => ({
      objectId: i + 1,
      prompts: new Map([[0, { points: [{ x, y, label: 1 as const }] }]]),
    })),
    new AbortController().signal,
  );
  for await (const event of run) tracked.push(...event.objects);
  return tracked;
}

/** Frames that nobody looks at, as their features are known. */
class KnownFrames implements FrameSource {
  readonly info;

  constructor({ width, height }: { width: number; height: number }, frameCount: number) {
    const timestamps = Float64Array.from({ length: frameCount }, (_, i) => i / 24);
    const duration = frameCount / 24;
    this.info = { kind: 'video', width, height, frameCount, timestamps, duration, codec: 'none' } as const;
  }

  frame(index: number): Promise<Frame> {
    const pixels = () => Promise.reject(new Error('The features of this frame are known.'));
    return Promise.resolve({ index, pixels, close: () => undefined });
  }

  async *frames(first: number, last: number): AsyncGenerator<Frame, void, undefined> {
    for (let index = first; index <= last; index++) yield this.frame(index);
  }

  dispose(): void {
    // Nothing is held.
  }
}
