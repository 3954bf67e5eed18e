import * as Comlink from 'comlink';
import { MaskletError } from '../core/errors.ts';
import type { StageApi } from '../core/protocol/stage.ts';
import type { Pane, StageScene } from '../core/stageScene.ts';
import { clientOf } from './client.ts';
import { PATIENCE, WorkerHost } from './worker.ts';

/** The UI thread's client of the worker that draws the stage with a GPU. A failure's promise is rejected where the worker dies. */
export function stageClient() {
  const host = new WorkerHost<StageApi>(
    (name) => new Worker(new URL('../../workers/stage.worker.ts', import.meta.url), { type: 'module', name }),
    { patience: PATIENCE },
  );
  const client = clientOf(host, {
    open: 'answers',
    connect: 'answers',
    draw: 'answers',
    checkEdges: 'answers',
    failure: 'answers',
    census: 'answers',
  });
  /** Ends the worker, and with it its GPU. */
  const stop = () => host.stop(new MaskletError('disposed', 'The stage is not drawn with a GPU any more.'));
  return {
    ...client,
    stop,
    /** Opens a GPU; without one that is worth using, the worker ends. @param allowSoftware whether an emulated one counts */
    open: async (allowSoftware: boolean) => {
      const isOpen = await client.open(allowSoftware);
      if (!isOpen) stop();
      return isOpen;
    },
    /** Draws a pane on a canvas that nothing was drawn on; it takes the canvas over. */
    connect: (pane: Pane, canvas: HTMLCanvasElement) => {
      const offscreen = canvas.transferControlToOffscreen();
      return client.connect(pane, Comlink.transfer(offscreen, [offscreen]));
    },
    /** Draws a scene. @param picture its frame, which it takes over; left out where it is the one before */
    draw: (scene: StageScene, picture?: ImageBitmap) =>
      picture ? client.draw(scene, Comlink.transfer(picture, [picture])) : client.draw(scene),
  };
}
