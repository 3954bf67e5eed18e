import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentOf, type RgbaImage } from '../../../src/core/frames.ts';
import { letterbox, type ModelFit, type Size } from '../../../src/core/geometry.ts';
import { tensor } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { readShapes } from '../../models/shapedFile.ts';
import { onCpu } from '../../models/tensorStore.ts';
import { toEncoderInput } from '../input/resize.ts';
import { StepTimer } from '../run/stepTimer.ts';
import { EmbeddedEncoder } from './encoder.ts';
import { EmbeddedModel, NORMALISATION } from './embeddedModel.ts';
import { fitFrame } from './encoderShapes.ts';
import { contentGrid, describeCells, INPUT_SIDE } from './features.ts';

const PAINTED = new URL('../../../fixtures/models/painted/', import.meta.url);
const runtime = createNodeRuntime({ threads: 1 });

/** A picture whose every pixel differs from its neighbours. */
function picture({ width, height }: Size): RgbaImage {
  const data = Uint8ClampedArray.from(
    { length: width * height * 4 },
    (_, i) => (i * 37 + (i >> 5) * 11) % 256,
  );
  return { width, height, data };
}

/** Whether two lists are the same to the bit: for long ones quicker than `toEqual`. */
function same(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  );
}

describe('what the encoder is given of a frame', () => {
  it.each([
    ['16:9', 1280, 720, 1024, 672],
    ['854×480', 854, 480, 1024, 672],
    ['21:9', 2560, 1080, 1024, 672],
    ['a line', 4000, 3, 1024, 672],
    ['9:16', 1080, 1920, 672, 1024],
    ['as high as leaves enough padding', 1024, 608, 1024, 672],
    ['a little higher', 1024, 609, 1024, 1024],
    ['4:3', 640, 480, 1024, 1024],
    ['3:4', 480, 640, 1024, 1024],
    ['a square', 512, 512, 1024, 1024],
  ])('of %s is a part, or the whole square', (_, width, height, columns, rows) => {
    const fit = fitFrame({ width, height });
    expect(fit).toEqual({
      ...letterbox({ width, height }, INPUT_SIDE),
      input: { width: columns, height: rows },
    });
  });
});

describe('the encoder', () => {
  let weights: { encoder: Uint8Array; decoder: Uint8Array };
  beforeAll(async () => {
    const [encoder, decoder] = await Promise.all(
      ['encoder.onnx', 'decoder.onnx'].map((name) => readFile(new URL(name, PAINTED))),
    );
    weights = { encoder: encoder!, decoder: decoder! };
  });

  const encode = async (encoder: EmbeddedEncoder, frame: RgbaImage, fit: ModelFit) => {
    const input = toEncoderInput(frame, fit, NORMALISATION);
    const { embedding, stage2, stage1 } = await encoder.encode(
      tensor(input, [1, 3, fit.input.height, fit.input.width]),
    );
    const descriptors = describeCells(onCpu(stage2), onCpu(stage1), fit);
    return { embedding: onCpu(embedding), descriptors };
  };

  it.each([
    ['wide', 96, 54],
    ['high', 40, 96],
    ['square', 64, 64],
  ])('sees in a %s frame without its padding what it sees in the whole square', async (_, width, height) => {
    const encoder = await EmbeddedEncoder.load(runtime, weights.encoder);
    const frame = picture({ width, height });
    const part = await encode(encoder, frame, encoder.fit(frame));
    const whole = await encode(encoder, frame, letterbox(frame, INPUT_SIDE));
    const grid = contentGrid(encoder.fit(frame));
    expect(part.descriptors).toHaveLength(grid.width * grid.height * 288);
    expect(same(part.descriptors, whole.descriptors)).toBe(true);
    expect(part.embedding.dims).toEqual([1, 256, 64, 64]);
    expect(same(part.embedding.data, whole.embedding.data)).toBe(true);
    await encoder.dispose();
  });

  it('is given the whole square where its file has no other graph', async () => {
    const encoder = await EmbeddedEncoder.load(runtime, readShapes(weights.encoder).whole);
    expect(encoder.fit({ width: 16, height: 9 }).input).toEqual({ width: INPUT_SIDE, height: INPUT_SIDE });
    await encoder.dispose();
  });

  it('is there for two shapes at once, whatever shapes come', async () => {
    const before = runtime.stats.sessions;
    const encoder = await EmbeddedEncoder.load(runtime, weights.encoder);
    const frames = { wide: picture({ width: 96, height: 54 }), high: picture({ width: 54, height: 96 }) };
    const square = picture({ width: 64, height: 64 });
    const counts: number[] = [];
    const first = await encode(encoder, frames.wide, encoder.fit(frames.wide));
    for (const frame of [square, frames.wide, frames.high, square, frames.wide]) {
      await encode(encoder, frame, encoder.fit(frame));
      counts.push(runtime.stats.sessions - before);
    }
    expect(counts).toEqual([2, 2, 2, 2, 2]);
    const again = await encode(encoder, frames.wide, encoder.fit(frames.wide));
    expect(same(again.descriptors, first.descriptors)).toBe(true);
    await encoder.dispose();
    expect(runtime.stats.sessions).toBe(before);
  });

  it('gives a model features of every shape, and none after it was disposed', async () => {
    const model = await EmbeddedModel.load(runtime, weights, new StepTimer());
    const [wide, high] = [picture({ width: 96, height: 54 }), picture({ width: 54, height: 96 })];
    const [first, second] = await Promise.all([wide, high].map((frame) => model.encode(contentOf(frame))));
    expect([first?.grid, second?.grid]).toEqual([
      { width: 64, height: 36 },
      { width: 36, height: 64 },
    ]);
    await model.dispose();
    for (const frame of [wide, picture({ width: 64, height: 64 })])
      await expect(model.encode(contentOf(frame))).rejects.toMatchObject({ code: 'disposed' });
  });
});
