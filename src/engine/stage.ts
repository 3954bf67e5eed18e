import * as Comlink from 'comlink';
import { MaskletError } from '../core/errors.ts';
import type { Census, StageApi } from '../core/protocol.ts';
import type { Pane, StageScene } from '../core/stageScene.ts';
import { WorkerHost } from './worker.ts';

/** The UI thread's client of the worker that draws the stage with a GPU. */
export class StageDrawer {
  readonly #host = new WorkerHost<StageApi>(
    (name) => new Worker(new URL('../../workers/stage.worker.ts', import.meta.url), { type: 'module', name }),
    () => undefined,
  );

  /** Opens a GPU; without one that is worth using, the worker ends. @param allowSoftware whether an emulated one counts */
  async open(allowSoftware: boolean): Promise<boolean> {
    const isOpen = await this.#host.call((client) => client.open(allowSoftware));
    if (!isOpen) this.stop();
    return isOpen;
  }

  /** Draws a pane on a canvas that nothing was drawn on; it takes the canvas over. */
  connect(pane: Pane, canvas: HTMLCanvasElement): Promise<void> {
    const offscreen = canvas.transferControlToOffscreen();
    return this.#host.call((client) => client.connect(pane, Comlink.transfer(offscreen, [offscreen])));
  }

  /** Draws a scene. @param picture its frame, which it takes over; left out where it is the one before */
  draw(scene: StageScene, picture?: ImageBitmap): Promise<void> {
    return this.#host.call((client) =>
      picture ? client.draw(scene, Comlink.transfer(picture, [picture])) : client.draw(scene),
    );
  }

  /** Answers when the GPU is lost or has failed; throws where the worker dies. */
  failure(): Promise<string> {
    return this.#host.call((client) => client.failure());
  }

  census(): Promise<Census> {
    return this.#host.call((client) => client.census());
  }

  /** Ends the worker, and with it its GPU. */
  stop(): void {
    this.#host.stop(new MaskletError('disposed', 'The stage is not drawn with a GPU any more.'));
  }
}
