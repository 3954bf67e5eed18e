import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { tensor, type GraphRuntime } from '../../workers/models/graph.ts';
import { parseEmbeddedManifest } from '../../workers/models/embeddedManifest.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { findHalfGpu } from '../../workers/models/testing/gpuNode.ts';
import { EMBEDDING, STAGE_1, STAGE_2 } from '../../workers/tracker/embedded/tensorNames.ts';
import { cachePath, MANIFEST } from './embeddedGraphs.ts';
import { noise, relativeError } from './testing/vectors.ts';

const gpu = await findHalfGpu();

it.skipIf(!gpu)(
  'the encoder in half precision gives on a GPU nearly what it gives in full on the CPU',
  async () => {
    const { encoder } = parseEmbeddedManifest(JSON.parse(await readFile(MANIFEST, 'utf8')));
    const input = tensor(noise(3 * 1024 * 1024), [1, 3, 1024, 1024]);
    const run = async (runtime: GraphRuntime, precision: 'fp32' | 'fp16') => {
      const session = await runtime.load(precision, await readFile(cachePath(encoder[precision])));
      const outputs = await session.run({ input }, [EMBEDDING, STAGE_2, STAGE_1]);
      await session.dispose();
      return outputs;
    };
    const expected = await run(createNodeRuntime(), 'fp32');
    const found = await run(gpu!, 'fp16');
    for (const name of [EMBEDDING, STAGE_2, STAGE_1] as const)
      expect(relativeError(expected[name], found[name]), name).toBeLessThan(0.05);
  },
);
