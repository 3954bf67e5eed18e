import { displaySize, type FrameContent, type RgbaImage } from '../../../src/core/frames.ts';
import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import type { PreparedFrame } from '../../gpu/directFrames.ts';
import type { Normalisation } from '../../gpu/framePreparer.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { tensor, type DeviceTensor, type GraphRuntime } from '../../models/graph.ts';
import { toEncoderInput } from './resize.ts';
import { SpareBuffer } from './spareBuffer.ts';
import type { StepTimer } from '../run/stepTimer.ts';

/** How an encoder wants frames. */
export interface EncoderFit {
  /** How a frame of that size lies in the encoder's input. */
  readonly fit: (video: Size) => ModelFit;
  readonly normalisation: Normalisation;
}

/** What is done with a frame as encoder input, [1, 3, rows, columns]; `video` is the frame's size. */
type Work<Result> = (input: DeviceTensor, video: Size) => Promise<Result>;

/** Makes frames an encoder's input, where the encoder runs. */
export class EncoderInputs {
  readonly #runtime: Pick<GraphRuntime, 'gpu' | 'tensors'>;
  readonly #timer: StepTimer;
  readonly #spare = new SpareBuffer();

  constructor(runtime: Pick<GraphRuntime, 'gpu' | 'tensors'>, timer: StepTimer) {
    this.#runtime = runtime;
    this.#timer = timer;
  }

  /** Gives `work` a frame as input, which lasts until it ends. */
  use<Result>(frame: FrameContent, how: EncoderFit, work: Work<Result>): Promise<Result> {
    const { gpu } = this.#runtime;
    return gpu ? this.#useOnGpu(gpu, frame, how, work) : this.#useOnCpu(frame, how, work);
  }

  async #useOnCpu<Result>(
    frame: FrameContent,
    { fit, normalisation }: EncoderFit,
    work: Work<Result>,
  ): Promise<Result> {
    const pixels = await this.#timer.time('decode', () => frame.pixels());
    const fitted = fit(pixels);
    const { width, height } = fitted.input;
    return this.#spare.use(3 * height * width, async (input) => {
      await this.#timer.time('preprocess', () => toEncoderInput(pixels, fitted, normalisation, input));
      return work(tensor(input, [1, 3, height, width]), displaySize(pixels));
    });
  }

  async #useOnGpu<Result>(
    gpu: Gpu,
    frame: FrameContent,
    { fit, normalisation }: EncoderFit,
    work: Work<Result>,
  ): Promise<Result> {
    const directly = () => gpu.direct.prepare(gpu, frame, fit, normalisation);
    const { slice, video } =
      (await this.#timer.time('preprocess', directly)) ??
      (await this.#prepare(gpu, frame, { fit, normalisation }));
    const { width, height } = fit(video).input;
    const input = { slice, dims: [1, 3, height, width] };
    return work(input, video).finally(() => this.#runtime.tensors.free(input));
  }

  /** A frame through a bitmap, or as the pixels that it is. */
  async #prepare(gpu: Gpu, frame: FrameContent, { fit, normalisation }: EncoderFit): Promise<PreparedFrame> {
    const open = (): Promise<ImageBitmap | RgbaImage> => frame.bitmap?.() ?? frame.pixels();
    const content = await this.#timer.time('decode', open);
    // A bitmap that is closed has no size any more.
    const video = displaySize(content);
    const slice = await this.#timer
      .time('preprocess', () => gpu.frames.prepare(content, fit(video), normalisation))
      .finally(() => {
        if ('data' in content) return;
        gpu.memory.traffic.bitmapFrames++;
        content.close();
      });
    return { slice, video };
  }
}
