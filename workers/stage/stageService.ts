import { EMPTY_CENSUS, type Census } from '../../src/core/census.ts';
import { MaskletError } from '../../src/core/errors.ts';
import type { EdgeCheck, StageApi } from '../../src/core/protocol/stage.ts';
import type { Pane, StageScene } from '../../src/core/stageScene.ts';
import { findGpu } from '../gpu/adapter.ts';
import { checkEdges } from './edges/checkEdges.ts';
import { oneAtATime } from '../../src/core/oneAtATime.ts';
import { StageRenderer } from './stageRenderer.ts';

/** Draws the stage on a GPU device of its own: it neither waits for the model's work nor is lost with its device. */
export class StageService implements StageApi {
  #opened: { readonly device: GPUDevice; readonly renderer: StageRenderer } | undefined;
  /** A scene may be drawn in two goes, which no other may come between. */
  readonly #inTurn = oneAtATime();
  readonly #failure = Promise.withResolvers<string>();

  async open(mayBeEmulated: boolean): Promise<boolean> {
    const gpu = await findGpu(mayBeEmulated);
    if (gpu === null) return false;
    const device = await gpu.open();
    void device.lost.then(({ message }) => this.#failure.resolve(message));
    device.addEventListener('uncapturederror', ({ error }) => this.#failure.resolve(error.message));
    this.#opened = { device, renderer: new StageRenderer(device) };
    return true;
  }

  async connect(pane: Pane, canvas: OffscreenCanvas): Promise<void> {
    this.#open().renderer.connect(pane, canvas);
  }

  async draw(scene: StageScene, picture?: ImageBitmap): Promise<boolean> {
    const { device, renderer } = this.#open();
    const madeEdges = await this.#inTurn(async () => {
      try {
        if (picture) renderer.setFrame(picture);
        return await renderer.draw(scene);
      } finally {
        picture?.close();
      }
    });
    await device.queue.onSubmittedWorkDone();
    return madeEdges;
  }

  async checkEdges(): Promise<EdgeCheck> {
    const { device, renderer } = this.#open();
    const { makers, ...check } = await checkEdges(device);
    if (makers) renderer.useEdges(makers);
    return check;
  }

  async failure(): Promise<string> {
    return this.#failure.promise;
  }

  async census(): Promise<Census> {
    if (this.#opened === undefined) return EMPTY_CENSUS;
    const { bytes, work } = this.#opened.renderer;
    return { ...EMPTY_CENSUS, gpuBytes: bytes, ...work };
  }

  #open() {
    if (this.#opened === undefined)
      throw new MaskletError('not-ready', 'The stage has no GPU: draw it without one.');
    return this.#opened;
  }
}
