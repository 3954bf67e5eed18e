import { readFile } from 'node:fs/promises';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import type { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { cachePath, ensureGraphs } from '../graphs/embeddedGraphs.ts';

/** The embedded model as it is made from the npm package. */
export async function loadEmbeddedModel(
  runtime: GraphRuntime,
  timer: StepTimer,
  precision: Precision,
): Promise<EmbeddedModel> {
  const { encoder: encoders, decoder: decoderFile } = (await ensureGraphs()).manifest;
  const [encoder, decoder] = await Promise.all(
    [encoders[precision], decoderFile].map((file) => readFile(cachePath(file))),
  );
  if (!encoder || !decoder) throw new Error('The model has an encoder and a decoder.');
  return EmbeddedModel.load(runtime, { encoder, decoder }, timer);
}
