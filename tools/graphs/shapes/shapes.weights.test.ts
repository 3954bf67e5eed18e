import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { letterbox, type ModelFit } from '../../../src/core/geometry.ts';
import { parseEmbeddedManifest } from '../../../workers/models/embeddedManifest.ts';
import { tensor, type GraphRuntime, type Tensor } from '../../../workers/models/graph.ts';
import { createNodeRuntime } from '../../../workers/models/ortNode.ts';
import { readShapes } from '../../../workers/models/shapedFile.ts';
import { createLiteRtNodeRuntime } from '../../../workers/models/testing/liteRtNode.ts';
import { cropImage } from '../../../workers/tracker/detail/crop.ts';
import { NORMALISATION } from '../../../workers/tracker/embedded/embeddedModel.ts';
import { fitFrame, shapeName } from '../../../workers/tracker/embedded/encoderShapes.ts';
import { contentGrid, describeCells, INPUT_SIDE, SIDE } from '../../../workers/tracker/embedded/features.ts';
import { EMBEDDING, STAGE_1, STAGE_2 } from '../../../workers/tracker/embedded/tensorNames.ts';
import { toEncoderInput } from '../../../workers/tracker/input/resize.ts';
import { FfmpegSource } from '../../node/ffmpegSource.ts';
import { cachePath, MANIFEST, SOURCE } from '../embeddedGraphs.ts';
import { relativeError } from '../testing/vectors.ts';

const SAMPLE = fileURLToPath(new URL('../../../public/samples/bigbuckbunny.mp4', import.meta.url));
/** Of another scene than the frame that padding was measured on. */
const FRAME = 110;
const OUTPUTS = [EMBEDDING, STAGE_2, STAGE_1] as const;

const runtime = createNodeRuntime({ threads: 2 });
const { encoder } = parseEmbeddedManifest(JSON.parse(await readFile(MANIFEST, 'utf8')));

async function run(where: GraphRuntime, file: Uint8Array, frame: RgbaImage, fit: ModelFit) {
  const { width, height } = fit.input;
  const input = tensor(toEncoderInput(frame, fit, NORMALISATION), [1, 3, height, width]);
  const session = await where.load('encoder', file);
  const outputs = await session.run({ input }, OUTPUTS);
  await session.dispose();
  return outputs;
}

/** The output in the cells of the frame, and its descriptors. */
function onFrame({ [EMBEDDING]: embedding, [STAGE_2]: stage2, [STAGE_1]: stage1 }: Outputs, fit: ModelFit) {
  const grid = contentGrid(fit);
  const cells = embedding.data.filter((_, i) => {
    const [y, x] = [Math.floor((i % SIDE ** 2) / SIDE), i % SIDE];
    return x < grid.width && y < grid.height;
  });
  const described = describeCells(stage2, stage1, fit);
  return { output: tensor(cells, [cells.length]), descriptors: tensor(described, [described.length]) };
}
type Outputs = Readonly<Record<(typeof OUTPUTS)[number], Tensor>>;

describe('the encoder', () => {
  let film: FfmpegSource;
  let frame: RgbaImage;
  beforeAll(async () => {
    film = await FfmpegSource.open(SAMPLE);
    frame = await (await film.frame(FRAME)).pixels();
  });
  afterAll(() => film.dispose());

  it('is the published one where it is given the whole square', { timeout: 120_000 }, async () => {
    const fit = letterbox(frame, INPUT_SIDE);
    const ours = await run(runtime, await readFile(cachePath(encoder.fp32)), frame, fit);
    const published = await readFile(new URL('encoder.onnx', SOURCE));
    const session = await runtime.load('published', published);
    const input = tensor(toEncoderInput(frame, fit, NORMALISATION), [1, 3, INPUT_SIDE, INPUT_SIDE]);
    const expected = await session.run({ input }, [EMBEDDING]);
    await session.dispose();
    expect(relativeError(expected[EMBEDDING], ours[EMBEDDING])).toBeLessThan(2e-6);
  });

  it.each([
    ['wide', 1280, 720],
    ['very wide', 1280, 536],
    ['high', 405, 720],
  ])(
    'makes of a part of the square for a %s frame what it makes of the whole',
    { timeout: 240_000 },
    async (_, width, height) => {
      const picture = cropImage(frame, { width, height, left: 1280 - width, top: 0 });
      const [part, whole] = [fitFrame(picture), letterbox(picture, INPUT_SIDE)];
      expect(part.input).not.toEqual(whole.input);
      const [exact, lite] = await Promise.all(
        [encoder.fp32, encoder.lite].map(async (file) => readShapes(await readFile(cachePath(file)))),
      );
      const graph = exact?.parts.get(shapeName(part.input))?.();
      const found = await run(runtime, graph!, picture, part);
      const expected = await run(runtime, exact!.whole, picture, whole);
      const [ours, theirs] = [onFrame(found, part), onFrame(expected, whole)];
      expect(relativeError(theirs.output, ours.output)).toBeLessThan(0.02);
      expect(relativeError(theirs.descriptors, ours.descriptors)).toBeLessThan(0.03);
      // With what is filled in beyond the part.
      expect(relativeError(expected[EMBEDDING], found[EMBEDDING])).toBeLessThan(0.2);

      const onLite = await run(
        await createLiteRtNodeRuntime(),
        lite!.parts.get(shapeName(part.input))!(),
        picture,
        part,
      );
      for (const name of OUTPUTS) {
        expect(onLite[name].dims).toEqual(found[name].dims);
        expect(relativeError(found[name], onLite[name]), name).toBeLessThan(0.003);
      }
    },
  );
});
