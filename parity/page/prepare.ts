import type { RgbaImage } from '../../src/core/frames.ts';
import { letterbox, stretch, type ModelFit } from '../../src/core/geometry.ts';
import { FrameCanvas, MediaFrame } from '../../workers/media/mediaFrame.ts';
import { openClip } from '../../workers/media/openClip.ts';
import type { WebRuntime } from '../../workers/models/ortWeb.ts';
import { toEncoderInput } from '../../workers/tracker/input/resize.ts';
import { read, startRuntime } from './devices.ts';

/** A picture to prepare, and how: sides in pixels. */
export interface PrepareTask {
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly fit: 'stretch' | 'letterbox';
  /** Columns and rows of the input, where they are fewer than those of the square. */
  readonly input?: readonly [columns: number, rows: number];
  /** Given as pixels, or as a bitmap that only the GPU reads. */
  readonly from: 'pixels' | 'bitmap';
}

const PLAIN = { mean: [0, 0, 0], deviation: [1, 1, 1] } as const;

/** For each task, how far the GPU's encoder input is from the CPU's at most, in steps of 8-bit values. */
export async function prepare(tasks: readonly PrepareTask[]): Promise<number[]> {
  const { runtime } = await startRuntime('webgpu');
  const differences: number[] = [];
  for (const { fit, side, from, input: [columns, rows] = [side, side], ...size } of tasks) {
    const pixels = pattern(size);
    const square = (fit === 'stretch' ? stretch : letterbox)(size, side);
    const fitted = { ...square, input: { width: columns, height: rows } };
    const image = await createImageBitmap(
      new ImageData(new Uint8ClampedArray(pixels.data), size.width, size.height),
    );
    const prepared = onGpu(runtime, from === 'bitmap' ? image : pixels, fitted);
    differences.push(largest(await prepared, toEncoderInput(pixels, fitted, PLAIN)));
    image.close();
  }
  runtime.dispose();
  return differences;
}

/** How far the GPU's encoder input of a decoded frame is from the CPU's, in steps of 8-bit values. */
export interface PreparedClip {
  /** The largest, where both have the same bitmap. */
  readonly fromBitmap: number;
  /** Where the CPU has the frame's pixels: a browser with a GPU turns video into colours there, in another way. */
  readonly fromPixels: { readonly largest: number; readonly mean: number };
}

/** The same for a frame of each of some clips. @param paths that the page's server has */
export async function prepareClips(paths: readonly string[]): Promise<PreparedClip[]> {
  const { runtime } = await startRuntime('webgpu');
  const differences: PreparedClip[] = [];
  for (const path of paths) {
    const clip = await openClip(new Blob([await read(path)]));
    const fitted = stretch(clip.info, 64);
    const frame = await clip.frame(0);
    const bitmap = await frame.bitmap();
    const prepared = await onGpu(runtime, bitmap, fitted);
    const copy = new MediaFrame(0, bitmap, new FrameCanvas(bitmap));
    const expected = toEncoderInput(await frame.pixels(), fitted, PLAIN);
    differences.push({
      fromBitmap: largest(prepared, toEncoderInput(await copy.pixels(), fitted, PLAIN)),
      fromPixels: { largest: largest(prepared, expected), mean: mean(prepared, expected) },
    });
    copy.close();
    frame.close();
    clip.dispose();
  }
  runtime.dispose();
  return differences;
}

async function onGpu(
  { gpu }: WebRuntime['runtime'],
  frame: ImageBitmap | RgbaImage,
  fit: ModelFit,
): Promise<Float32Array> {
  if (!gpu) throw new Error('The runtime has no GPU.');
  const slice = gpu.frames.prepare(frame, fit, PLAIN);
  const [prepared] = await gpu.memory.read([slice]);
  slice.free();
  return new Float32Array(prepared ?? new ArrayBuffer(0));
}

function largest(found: Float32Array, expected: Float32Array): number {
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? NaN))), 0);
}

function mean(found: Float32Array, expected: Float32Array): number {
  const sum = expected.reduce((total, value, i) => total + Math.abs(value - (found[i] ?? NaN)), 0);
  return sum / expected.length;
}

/** Opaque noise over a slope. */
function pattern({ width, height }: { width: number; height: number }): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  let state = 7;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    data[i] = i % 4 === 3 ? 255 : ((state >> 16) & 127) + ((i >> 4) % 128);
  }
  return { width, height, data };
}
