import { letterbox, type Size } from '../../src/core/geometry.ts';
import { FrameCanvas, MediaFrame } from '../../workers/media/mediaFrame.ts';
import { openClip } from '../../workers/media/openClip.ts';
import { NORMALISATION } from '../../workers/tracker/embedded/embeddedModel.ts';
import { INPUT_SIDE } from '../../workers/tracker/embedded/features.ts';
import { toEncoderInput } from '../../workers/tracker/input/resize.ts';
import { graphOf } from '../../tools/bench/graphOf.ts';
import { openGraph, type OpenGraph } from '../../tools/bench/openGraph.ts';
import { timed } from '../../tools/bench/takeTurns.ts';
import { read, startRuntime } from './devices.ts';

/** Work that is timed against another way to do it, one run at a time. The runs give milliseconds. */
export interface PagePairs {
  /** A frame of the sample, as a bitmap, to the encoder's input: as the tracker does it, or by a canvas and a loop. */
  openFrame(): Promise<{ ours: () => Promise<number>; baseline: () => Promise<number> }>;
  /** A graph that the page's server has, on WASM, for its inputs or for those of another shape. */
  openGraph(path: string, shape?: string): Promise<OpenGraph>;
}

export const pagePairs: PagePairs = {
  async openFrame() {
    const clip = await openClip(new Blob([await read('sample.mp4')]));
    const decoded = await clip.frame(0);
    const bitmap = await decoded.bitmap();
    decoded.close();
    clip.dispose();
    const frame = new MediaFrame(0, bitmap, new FrameCanvas(bitmap));
    const fit = letterbox(bitmap, INPUT_SIDE);
    const context = newContext(fit.content);
    return {
      ours: () => timed(async () => toEncoderInput(await frame.pixels(), fit, NORMALISATION)),
      baseline: () => timed(() => drawAndLoop(context, bitmap)),
    };
  },

  async openGraph(path, shape) {
    const { runtime } = await startRuntime('wasm');
    return openGraph(runtime, graphOf(await read(path), shape));
  },
};

function newContext({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser gave no canvas.');
  return context;
}

/** What most pages do: the canvas scales, a loop over its pixels normalises. */
function drawAndLoop(context: OffscreenCanvasRenderingContext2D, bitmap: ImageBitmap): Float32Array {
  const { width, height } = context.canvas;
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const plane = INPUT_SIDE ** 2;
  const input = new Float32Array(3 * plane);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = data[(y * width + x) * 4 + channel] ?? 0;
        const [mean, deviation] = [NORMALISATION.mean[channel] ?? 0, NORMALISATION.deviation[channel] ?? 1];
        input[channel * plane + y * INPUT_SIDE + x] = (value - mean) / deviation;
      }
    }
  }
  return input;
}
