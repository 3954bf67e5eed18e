import type { VideoModel } from '../../workers/tracker/videoModel.ts';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import type { StageTimer } from '../../workers/tracker/stageTimer.ts';
import { loadEmbeddedModel } from './embeddedModel.ts';
import { isModelFolder, loadSam2Folder } from './sam2Folder.ts';
import { UsageError } from './usage.ts';

/** A model of whatever family: its features and memories are its own business. */
export type AnyModel = VideoModel<unknown, unknown>;

const MODELS: Readonly<Record<string, (runtime: GraphRuntime, timer: StageTimer) => Promise<AnyModel>>> = {
  embedded: loadEmbeddedModel,
};

export const DEFAULT_MODEL = 'embedded';

/** A model's name, or the folder of one. @throws UsageError if there is no such model. */
export function checkModelId(id: string): string {
  if (id in MODELS || isModelFolder(id)) return id;
  const known = Object.keys(MODELS).join(', ');
  throw new UsageError(`There is no model “${id}”: it is ${known}, or a folder with a manifest.json.`);
}

/** @throws UsageError if there is no such model. */
export async function loadModel(id: string, runtime: GraphRuntime, timer: StageTimer): Promise<AnyModel> {
  const load = MODELS[checkModelId(id)];
  return load ? load(runtime, timer) : loadSam2Folder(id, runtime, timer);
}
