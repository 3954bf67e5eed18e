import { displaySize, type FrameContent } from '../../src/core/frames.ts';
import { stretch, type ModelFit, type Size } from '../../src/core/geometry.ts';
import type { Normalisation } from './framePreparer.ts';
import { Gpu } from './gpu.ts';
import type { GpuSlice } from './gpuMemory.ts';

/** What frames are compared in: cells so large that it makes no difference how colours are found between two samples. */
const CELLS = 16;
const PLAIN: Normalisation = { mean: [0, 0, 0], deviation: [1, 1, 1] };
/** In a cell, of 8-bit values: half of what a wrong matrix of colours makes of the painted frame. */
const MOST_DIFFERENCE = 8;
/** From the darkest value of the painted frame to the brightest. */
const LEAST_CONTRAST = 128;
const PAINTED: Size = { width: 128, height: 96 };

/** A frame as an encoder's input, and its size. */
export interface PreparedFrame {
  readonly slice: GpuSlice;
  readonly video: Size;
}

/**
 * The way of decoded frames to a texture without a bitmap between, which is taken where it gives the same colours. That is found with a painted
 * frame on a device of its own, for a browser may answer by cutting the page off from the GPU, and again with the first frame of each kind.
 * Once a frame fails, all go through a bitmap.
 */
export class DirectFrames {
  #isOn = false;
  #tried: Promise<void> | undefined;
  /** Kinds of frames that have come out right. */
  readonly #known = new Set<string>();

  /** Finds, once, whether frames may go this way: before, none does. @param open opens a device, which is let go again */
  tryOut(open: () => Promise<GPUDevice>): Promise<void> {
    return (this.#tried ??= this.#tryPainted(open));
  }

  /**
   * As `FramePreparer.prepare`. Nothing where a frame has to go through a bitmap.
   *
   * @throws MaskletError `gpu-…` if the GPU has failed; `disposed` if the frame was closed
   */
  async prepare(
    gpu: Gpu,
    content: FrameContent,
    fit: (video: Size) => ModelFit,
    normalisation: Normalisation,
  ): Promise<PreparedFrame | undefined> {
    const frame = this.#isOn ? content.videoFrame?.() : undefined;
    if (!frame) return undefined;
    const video = displaySize(frame);
    try {
      const kind = JSON.stringify([frame.format, frame.colorSpace]);
      if (!this.#known.has(kind)) await compareWays(gpu, frame.clone());
      this.#known.add(kind);
      const slice = await gpu.frames.prepareDirectly(frame, fit(video), normalisation);
      gpu.memory.traffic.directFrames++;
      return { slice, video };
    } catch (cause) {
      if (this.#isOn) this.#giveUp(cause);
      if (gpu.health.failure) throw gpu.health.failure;
      return undefined;
    } finally {
      frame.close();
    }
  }

  async #tryPainted(open: () => Promise<GPUDevice>): Promise<void> {
    try {
      const gpu = new Gpu(await open(), this);
      const contrast = await compareWays(gpu, paintedFrame()).finally(() => gpu.dispose());
      if (contrast < LEAST_CONTRAST) throw new Error('A painted frame came out as one colour.');
      this.#isOn = true;
    } catch (cause) {
      this.#giveUp(cause);
    }
  }

  #giveUp(cause: unknown): void {
    this.#isOn = false;
    console.warn('Decoded frames go to the GPU through a bitmap.', cause);
  }
}

/**
 * Prepares a frame, which is closed then, directly and through a bitmap, and gives the contrast of the latter.
 *
 * @throws Error if both do not have the same colours, or one fails
 */
async function compareWays({ frames, memory }: Gpu, frame: VideoFrame): Promise<number> {
  const fit = stretch(displaySize(frame), CELLS);
  const held: GpuSlice[] = [];
  try {
    held.push(await frames.prepareDirectly(frame, fit, PLAIN));
    const bitmap = await createImageBitmap(frame);
    held.push(frames.prepare(bitmap, fit, PLAIN));
    bitmap.close();
    const [direct = [], through = []] = (await memory.read(held)).map((read) => new Float32Array(read));
    const most = Math.max(...Array.from(through, (value, i) => Math.abs(value - (direct[i] ?? NaN))));
    // What is no number is not less either.
    if (!(most <= MOST_DIFFERENCE))
      throw new Error(`Without one, the colours of a frame are off by ${Math.round(most)} of 255.`);
    return Math.max(...through) - Math.min(...through);
  } finally {
    for (const slice of held) slice.free();
    frame.close();
  }
}

/** Slopes of brightness and of colour, no two alike, as a decoder gives them: I420 of BT.709, values from 16 on. */
function paintedFrame(): VideoFrame {
  const { width, height } = PAINTED;
  const plane = (columns: number, rows: number, value: (x: number, y: number) => number) =>
    Array.from({ length: columns * rows }, (_, i) =>
      value((i % columns) / columns, Math.floor(i / columns) / rows),
    );
  const data = Uint8Array.from([
    ...plane(width, height, (x, y) => 40 + 90 * x + 90 * y),
    ...plane(width / 2, height / 2, (x) => 48 + 160 * x),
    ...plane(width / 2, height / 2, (_, y) => 208 - 160 * y),
  ]);
  return new VideoFrame(data, {
    ...{ format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 },
    colorSpace: { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', fullRange: false },
  });
}
