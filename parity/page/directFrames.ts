import { stretch } from '../../src/core/geometry.ts';
import { DirectFrames } from '../../workers/gpu/directFrames.ts';
import { Gpu } from '../../workers/gpu/gpu.ts';
import type { GpuSlice } from '../../workers/gpu/gpuMemory.ts';
import { liveFrameCount } from '../../workers/media/mediaFrame.ts';
import { openClip } from '../../workers/media/openClip.ts';
import { GpuTensors, onGpu } from '../../workers/models/tensorStore.ts';
import { EncoderInputs } from '../../workers/tracker/input/encoderInput.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { findGpu } from '../../workers/gpu/adapter.ts';
import { read } from './devices.ts';

/** What a browser may do instead of copying a decoded frame to a texture. */
const FAULTS = {
  'other pixels': (copy, source, destination, size) => copy({ ...source, flipY: true }, destination, size),
  'an exception': () => {
    throw new DOMException('It cannot be copied.', 'OperationError');
  },
  'an invalid call': (copy, source, destination, size) => copy(source, { ...destination, mipLevel: 9 }, size),
  'a lost device': (
    _copy: Copy,
    _source: unknown,
    _destination: unknown,
    _size: unknown,
    device: GPUDevice,
  ) => device.destroy(),
} as const satisfies Record<string, Fault>;

type Copy = GPUQueue['copyExternalImageToTexture'];
type Fault = (copy: Copy, ...given: [...Parameters<Copy>, device: GPUDevice]) => void;

/** Decoded frames to give to a GPU. */
export interface DirectTask {
  /** Of videos, that the page's server has. */
  readonly paths: readonly string[];
  /** Without one, decoded frames are copied as the browser does it. */
  readonly fault?: keyof typeof FAULTS;
  /** Copies of decoded frames that come before the fault. */
  readonly after?: number;
}

/** How they went there. */
export interface DirectOutcome {
  readonly directFrames: number;
  readonly bitmapFrames: number;
  /** How far the input of a frame is from that of its bitmap: the mean, in steps of 8-bit values, of the frame where it is most. */
  readonly difference: number;
  readonly left: { readonly buffers: number; readonly frames: number };
}

const HOW = {
  fit: (video: { width: number; height: number }) => stretch(video, 64),
  normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] },
} as const;

/** Gives two frames of each clip to the GPU, as the tracker does. */
export async function directFrames({ paths, fault, after = 0 }: DirectTask): Promise<DirectOutcome> {
  let copies = 0;
  const open = async () => {
    const found = await findGpu(true);
    if (!found) throw new Error('There is no GPU, not even an emulated one.');
    const device = await found.open();
    const copy: Copy = device.queue.copyExternalImageToTexture.bind(device.queue);
    device.queue.copyExternalImageToTexture = (source, ...rest) => {
      if (!fault || !(source.source instanceof VideoFrame) || copies++ < after) return copy(source, ...rest);
      return FAULTS[fault](copy, source, ...rest, device);
    };
    return device;
  };
  const direct = new DirectFrames();
  await direct.tryOut(open);
  const gpu = new Gpu(await open(), direct);
  const inputs = new EncoderInputs({ gpu, tensors: new GpuTensors(gpu) }, new StepTimer());
  let difference = 0;
  for (const path of paths) {
    const clip = await openClip(new Blob([await read(path)]));
    for await (const frame of clip.frames(0, 1)) {
      const given = await inputs.use(frame, HOW, (input) => readBack(gpu, onGpu(input)));
      const bitmap = await frame.bitmap();
      const slice = gpu.frames.prepare(bitmap, HOW.fit(bitmap), HOW.normalisation);
      difference = Math.max(difference, mean(given, await readBack(gpu, slice)));
      slice.free();
      bitmap.close();
      frame.close();
    }
    clip.dispose();
  }
  const { directFrames, bitmapFrames, liveBuffers: buffers } = gpu.memory.traffic;
  gpu.dispose();
  return { directFrames, bitmapFrames, difference, left: { buffers, frames: liveFrameCount() } };
}

async function readBack({ memory }: Gpu, slice: GpuSlice): Promise<Float32Array> {
  const [values] = await memory.read([slice]);
  return new Float32Array(values ?? new ArrayBuffer(0));
}

function mean(found: Float32Array, expected: Float32Array): number {
  const sum = expected.reduce((total, value, i) => total + Math.abs(value - (found[i] ?? NaN)), 0);
  return sum / expected.length;
}
