import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseEmbeddedManifest } from '../../workers/models/embeddedManifest.ts';
import { tensor } from '../../workers/models/graph.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { createLiteRtNodeRuntime } from '../../workers/models/testing/liteRtNode.ts';
import { WHOLE } from '../../workers/tracker/embedded/encoderShapes.ts';
import { EMBEDDING, STAGE_1, STAGE_2 } from '../../workers/tracker/embedded/tensorNames.ts';
import { cachePath, MANIFEST, SOURCE } from './embeddedGraphs.ts';
import { OnnxModel } from './onnxModel.ts';
import { readPadding } from './shapes/padding.ts';
import { noise, relativeError } from './testing/vectors.ts';
import { writeEncoder } from './tflite/encoder.ts';

const OUTPUTS = [EMBEDDING, STAGE_2, STAGE_1];
const runtime = createNodeRuntime({ threads: 2 });
const files = parseEmbeddedManifest(JSON.parse(await readFile(MANIFEST, 'utf8')));

it('the encoder gives nearly the same in every precision', { timeout: 120_000 }, async () => {
  const input = tensor(noise(3 * 1024 * 1024), [1, 3, 1024, 1024]);
  const encode = async (precision: Exclude<Precision, 'lite'>) => {
    const session = await runtime.load(precision, await readFile(cachePath(files.encoder[precision])));
    const outputs = await session.run({ input }, OUTPUTS);
    await session.dispose();
    return outputs;
  };
  const [exact, half] = [await encode('fp32'), await encode('fp16')];
  const liteRt = await createLiteRtNodeRuntime();
  const onLiteRt = async (file: Uint8Array) => {
    const session = await liteRt.load('encoder', file);
    const outputs = await session.run({ input }, OUTPUTS);
    await session.dispose();
    return outputs;
  };
  const source = OnnxModel.read(await readFile(new URL('encoder.onnx', SOURCE)));
  source.liftConstants();
  const whole = await onLiteRt(writeEncoder(source, 'float32', WHOLE, await readPadding()));
  const lite = await onLiteRt(await readFile(cachePath(files.encoder.lite)));
  for (const name of OUTPUTS) {
    expect(relativeError(exact[name]!, whole[name]!), `LiteRT ${name}`).toBeLessThan(1e-5);
    expect(relativeError(exact[name]!, lite[name]!), `lite ${name}`).toBeLessThan(0.002);
    expect(relativeError(exact[name]!, half[name]!), `fp16 ${name}`).toBeLessThan(0.005);
  }
});
