import type { VideoModel } from '../../workers/tracker/videoModel.ts';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import type { StageTimer } from '../../workers/tracker/stageTimer.ts';
import { loadEmbeddedModel } from './embeddedModel.ts';
import { UsageError } from './usage.ts';

/** A model of whatever family: its features and memories are its own business. */
export type AnyModel = VideoModel<unknown, unknown>;

const MODELS: Readonly<Record<string, (runtime: GraphRuntime, timer: StageTimer) => Promise<AnyModel>>> = {
  embedded: loadEmbeddedModel,
};

export const DEFAULT_MODEL = 'embedded';

/** @throws UsageError if there is no such model. */
export function checkModelId(id: string): string {
  if (id in MODELS) return id;
  throw new UsageError(`There is no model “${id}”. There is: ${Object.keys(MODELS).join(', ')}.`);
}

/** @throws UsageError if there is no such model. */
export async function loadModel(id: string, runtime: GraphRuntime, timer: StageTimer): Promise<AnyModel> {
  const load = MODELS[checkModelId(id)];
  if (!load) throw new UsageError(`There is no model “${id}”.`);
  return load(runtime, timer);
}
