import type { Drawing } from './drawing.ts';
import { FrameTexture } from './frameTexture.ts';
import { bilinearSampler, pictureShader } from './pictureShader.ts';
import shader from './blur.wgsl?raw';

const FORMAT = 'rgba8unorm';
/** Pixels of the blurred picture for the blur's standard deviation: more would not be seen. */
const DEVIATION = 4;

/** A frame blurred, on a texture no larger than it takes. */
export class BlurredFrame {
  readonly #pipeline: GPURenderPipeline;
  readonly #sampler: GPUSampler;
  readonly #across: FrameTexture;
  readonly #down: FrameTexture;

  constructor(device: GPUDevice) {
    this.#pipeline = pictureShader(device, 'blur', shader, FORMAT);
    this.#sampler = bilinearSampler(device);
    this.#across = new FrameTexture(device, FORMAT, GPUTextureUsage.RENDER_ATTACHMENT);
    this.#down = new FrameTexture(device, FORMAT, GPUTextureUsage.RENDER_ATTACHMENT);
  }

  get bytes(): number {
    return this.#across.bytes + this.#down.bytes;
  }

  get view(): GPUTextureView {
    return this.#down.current.createView();
  }

  /** @param deviation the blur's standard deviation, as a share of the frame's width */
  blur(drawing: Drawing, frame: GPUTexture, deviation: number): void {
    const width = Math.min(frame.width, Math.ceil(DEVIATION / deviation));
    const height = Math.max(1, Math.round((width * frame.height) / frame.width));
    const size = { width, height };
    const spread = (from: GPUTexture, to: GPUTexture, step: readonly [number, number]) => {
      const parameters = Float32Array.of(width, height, ...step, deviation * width, 0);
      drawing.fill(to, this.#pipeline, [
        from.createView(),
        this.#sampler,
        drawing.uniform(parameters.buffer),
      ]);
    };
    const across = this.#across.sized(size);
    spread(frame, across, [1, 0]);
    spread(across, this.#down.sized(size), [0, 1]);
  }
}
