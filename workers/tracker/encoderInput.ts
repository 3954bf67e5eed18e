import type { FrameContent, RgbaImage, UprightPicture } from '../../src/core/frames.ts';
import type { ModelFit, Size } from '../../src/core/geometry.ts';
import type { Normalisation } from '../gpu/framePreparer.ts';
import { tensor, type DeviceTensor, type GraphRuntime } from '../models/graph.ts';
import { toEncoderInput } from './resize.ts';
import type { StageTimer } from './stageTimer.ts';

export interface EncoderInput {
  /** The frame's size. */
  readonly video: Size;
  /** [1, 3, S, S], to be freed. */
  readonly input: DeviceTensor;
}

/** A frame as an encoder's input, made where the encoder runs. @param fit how a frame of that size is fitted */
export async function encoderInput(
  { gpu }: Pick<GraphRuntime, 'gpu'>,
  timer: StageTimer,
  frame: FrameContent,
  fit: (video: Size) => ModelFit,
  normalisation: Normalisation,
): Promise<EncoderInput> {
  const prepare = (content: UprightPicture | RgbaImage): EncoderInput => {
    const video = { width: content.width, height: content.height };
    const fitted = fit(video);
    const dims = [1, 3, fitted.side, fitted.side];
    if (gpu) return { video, input: { slice: gpu.frames.prepare(content, fitted, normalisation), dims } };
    if ('image' in content) throw new TypeError('A picture was given to a runtime on the CPU.');
    return { video, input: tensor(toEncoderInput(content, fitted, normalisation), dims) };
  };
  if (gpu && frame.withPicture) {
    const ready = await timer.time('preprocess', () => frame.withPicture?.(prepare));
    if (ready) return ready;
  }
  const pixels = await timer.time('decode', () => frame.pixels());
  return timer.time('preprocess', () => prepare(pixels));
}
