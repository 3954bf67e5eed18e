import type { MaskRle } from '../../src/core/rle.ts';
import { computeShader } from './computeShader.ts';
import type { Drawing } from './drawing.ts';
import { FrameTexture } from './frameTexture.ts';
import { runTable } from './runTable.ts';
import shader from './unfoldMasks.wgsl?raw';

/** Masks that share one pixel of a layer. */
export const MASKS_PER_LAYER = 32;
/** Pixels that one workgroup of the kernel does. */
const GROUP = { width: 64, height: 16 };

/** The masks of a frame on the GPU, a bit for each mask and pixel; only their run lengths go up. */
export class MaskBits {
  readonly #pipeline: GPUComputePipeline;
  readonly #texture: FrameTexture;

  constructor(device: GPUDevice) {
    this.#pipeline = computeShader(device, 'unfoldMasks', shader);
    this.#texture = new FrameTexture(device, 'r32uint', GPUTextureUsage.STORAGE_BINDING);
  }

  get bytes(): number {
    return this.#texture.bytes;
  }

  get view(): GPUTextureView {
    return this.#texture.current.createView({ dimension: '2d-array' });
  }

  /** Frees the texture. */
  dispose(): void {
    this.#texture.dispose();
  }

  /** Unfolds masks, all of one size. Where there are none, the former ones stay. */
  unfold(drawing: Drawing, masks: readonly MaskRle[]): void {
    const [size] = masks;
    if (size === undefined) return;
    const { width, height } = size;
    const layers = Math.ceil(masks.length / MASKS_PER_LAYER);
    this.#texture.sized({ width, height }, layers);
    const { firsts, ends } = runTable(masks);
    drawing.compute(
      this.#pipeline,
      [
        drawing.uniform(Uint32Array.of(width, height, masks.length, 0).buffer),
        drawing.array(firsts.buffer),
        drawing.array(ends.buffer),
        this.view,
      ],
      [Math.ceil(width / GROUP.width), Math.ceil(height / GROUP.height), layers],
    );
  }
}
