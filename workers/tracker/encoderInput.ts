import type { FrameContent, RgbaImage } from '../../src/core/frames.ts';
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
  const prepare = (content: ImageBitmap | RgbaImage): EncoderInput => {
    const video = { width: content.width, height: content.height };
    const fitted = fit(video);
    const dims = [1, 3, fitted.side, fitted.side];
    if (gpu) return { video, input: { slice: gpu.frames.prepare(content, fitted, normalisation), dims } };
    if (!('data' in content)) throw new TypeError('A bitmap was given to a runtime on the CPU.');
    return { video, input: tensor(toEncoderInput(content, fitted, normalisation), dims) };
  };
  const open = (): Promise<ImageBitmap | RgbaImage> => (gpu && frame.bitmap?.()) ?? frame.pixels();
  const content = await timer.time('decode', open);
  try {
    return await timer.time('preprocess', () => prepare(content));
  } finally {
    if (!('data' in content)) content.close();
  }
}
