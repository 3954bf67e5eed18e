import type { Frame, FrameSource } from '../../src/core/frames.ts';
import { fromCocoRle, toCocoRle, type CocoRle } from '../../src/core/cocoRle.ts';
import { CACHE_BYTES, encoderPath } from '../../tools/bench/benchRun.ts';
import { FrameCanvas, MediaFrame } from '../../workers/media/mediaFrame.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import { FeatureCache } from '../../workers/tracker/run/featureCache.ts';
import { propagate } from '../../workers/tracker/run/propagation.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { read, startRuntime } from './devices.ts';

export interface FollowTask {
  readonly precision: Precision;
  /** Where the page's server has the clip's frames, in order. */
  readonly pictures: readonly string[];
  /** The object on the first frame. */
  readonly first: CocoRle;
}

/** Has the embedded model follow an object through pictures, on the GPU: its mask on each, in order. */
export async function followMasked({ precision, pictures, first }: FollowTask): Promise<CocoRle[]> {
  const { runtime } = await startRuntime('webgpu');
  const timer = new StepTimer();
  const [encoder, decoder] = await Promise.all([encoderPath(precision), 'models/decoder.onnx'].map(read));
  if (!encoder || !decoder) throw new Error('A file is missing.');
  const model: AnyVideoModel = await EmbeddedModel.load(runtime, { encoder, decoder }, timer);
  const source = await pictureSource(pictures);
  const features = new FeatureCache(source, model, timer, CACHE_BYTES.embedded);
  const prompts = new Map([[0, { points: [], mask: fromCocoRle(first) }]]);
  const masks: CocoRle[] = [];
  const run = propagate(
    source,
    model,
    (index, work, frame) => features.use(index, work, frame),
    [{ objectId: 1, prompts }],
    new AbortController().signal,
  );
  for await (const { frame, objects } of run) for (const { mask } of objects) masks[frame] = toCocoRle(mask);
  await features.dispose();
  await model.dispose();
  runtime.dispose();
  return masks;
}

async function pictureSource(pictures: readonly string[]): Promise<FrameSource> {
  const decode = async (index: number) =>
    createImageBitmap(new Blob([await read(pictures[index] ?? `picture ${index}`)]));
  const size = await decode(0);
  const { width, height } = size;
  size.close();
  const canvas = new FrameCanvas({ width, height });
  const frame = async (index: number): Promise<Frame> => new MediaFrame(index, await decode(index), canvas);
  return {
    info: {
      ...{ kind: 'video', codec: 'pictures', width, height, frameCount: pictures.length },
      timestamps: Float64Array.from(pictures, (_, i) => i / 24),
      duration: pictures.length / 24,
    },
    frame,
    async *frames(from, to) {
      const step = from <= to ? 1 : -1;
      for (let index = from; index !== to + step; index += step) yield await frame(index);
    },
    dispose: () => undefined,
  };
}
