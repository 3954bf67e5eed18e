import { readFile } from 'node:fs/promises';
import type { GraphRuntime } from '../../models/graph.ts';
import { EmbeddedModel } from '../embedded/embeddedModel.ts';
import type { StageTimer } from '../stageTimer.ts';

const FILES = new URL('../../../node_modules/.cache/masklet/', import.meta.url);

/** The embedded model with its real weights, on the CPU. */
export async function loadEmbedded(runtime: GraphRuntime, timer: StageTimer): Promise<EmbeddedModel> {
  const [encoder, decoder] = await Promise.all([
    readFile(new URL('encoder.fp32.onnx', FILES)),
    readFile(new URL('decoder.onnx', FILES)),
  ]);
  return EmbeddedModel.load(runtime, { encoder, decoder }, timer);
}
