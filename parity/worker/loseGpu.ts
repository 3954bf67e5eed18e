import {
  DEFAULT_SETTINGS,
  type LoadEvent,
  type ModelEvent,
  type TrackEvent,
  type TrackRequest,
} from '../../src/core/protocol/segmenter.ts';
import { iteratePort, streamChannel, type Stream } from '../../src/core/stream.ts';
import { findGpu, type GpuAdapter } from '../../workers/gpu/adapter.ts';
import type { Devices } from '../../workers/models/devices.ts';
import { SegmenterService } from '../../workers/segmenter/segmenterService.ts';
import type { DisturbedRun, GpuFault } from '../disturbedRun.ts';

const MODEL = 'sam2.1-tiny-random';
/** A fault comes after so many frames. */
const FRAMES_BEFORE = 2;
const FRAMES = 5;

/**
 * Follows an object with the segmenter's own service, once for each fault, on one model after the other as they are started
 * again. Runs in a worker.
 *
 * @param folder address of the folder with a catalogue and a model `sam2.1-tiny-random`, beside that of the clips
 */
export async function loseGpu(folder: string, faults: readonly GpuFault[]): Promise<DisturbedRun[]> {
  const gpu = failingGpu();
  const service = new SegmenterService(gpu);
  const events: ModelEvent[] = [];
  void collect(
    stream<ModelEvent>((port) => service.watchModel(port)),
    events,
  );
  await collect(
    stream<LoadEvent>((port) => service.load({ folder, id: MODEL }, port)),
    [],
  );
  const clip = await fetch(new URL('../clips/tiny.mp4', folder));
  await service.open(await clip.blob());
  const request: TrackRequest = {
    objects: [
      {
        objectId: 1,
        prompts: new Map([[0, { points: [{ x: 160, y: 90, label: 1 }] }]]),
        spans: [{ direction: 'forward', first: 0, last: FRAMES - 1, behind: [], origin: 0 }],
      },
    ],
    settings: DEFAULT_SETTINGS,
  };
  const reports: DisturbedRun[] = [];
  for (const fault of faults) {
    const done: TrackEvent[] = [];
    for await (const event of stream<TrackEvent>((port) => service.track(request, port))) {
      done.push(event);
      if (done.length === FRAMES_BEFORE) gpu.strike(fault);
    }
    reports.push({
      frames: done.map(({ frame }) => frame),
      progress: done.map(({ doneFrames, totalFrames }) => `${doneFrames} of ${totalFrames}`),
      masks: done.flatMap(({ objects }) =>
        objects.map(({ mask, score }) => ({ counts: [...mask.counts], score })),
      ),
      events: events.splice(0),
      census: await service.census(),
    });
  }
  return reports;
}

/** An emulated GPU whose devices fail when they are told to. */
function failingGpu(): Devices & { strike(fault: GpuFault): void } {
  let latest: GPUDevice | undefined;
  let isUsedUp = false;
  const open = async (gpu: GpuAdapter) => {
    const device = await gpu.open();
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      if (isUsedUp) {
        const error = new GPUOutOfMemoryError('none is left');
        device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
      }
      return createBuffer(descriptor);
    };
    return (latest = device);
  };
  return {
    findGpu: async () => {
      const gpu = await findGpu(true);
      return gpu && { ...gpu, open: () => open(gpu) };
    },
    strike(fault) {
      if (fault === 'lost') latest?.destroy();
      isUsedUp = fault === 'memory';
    },
  };
}

function stream<Item>(start: (stream: Stream<Item>) => Promise<void>): AsyncIterable<Item> {
  const [near, far] = streamChannel<Item>();
  void start(far);
  return iteratePort(near);
}

async function collect<Item>(items: AsyncIterable<Item>, into: Item[]): Promise<void> {
  for await (const item of items) into.push(item);
}
