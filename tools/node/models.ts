import type { ModelVersion } from '../../src/core/provenance.ts';
import { modelVersion } from '../../workers/models/modelVersion.ts';
import { ensureGraphs } from '../graphs/embeddedGraphs.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import type { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { loadEmbeddedModel } from './embeddedModel.ts';
import { describeFolder, isModelFolder, loadModelFolder } from './modelFolder.ts';
import { UsageError } from './usage.ts';

/** How graphs compute in Node. */
const NODE_PRECISIONS = ['fp32', 'fp16'] as const;
export type NodePrecision = (typeof NODE_PRECISIONS)[number];

type Load = (runtime: GraphRuntime, timer: StepTimer, precision: NodePrecision) => Promise<AnyVideoModel>;

const MODELS: Readonly<Record<string, Load>> = { embedded: loadEmbeddedModel };

export const DEFAULT_MODEL = 'embedded' as const;
export const DEFAULT_PRECISION: NodePrecision = 'fp32';

/** A model's name, or the folder of one. @throws UsageError if there is no such model. */
export function checkModelId(id: string): string {
  if (Object.hasOwn(MODELS, id) || isModelFolder(id)) return id;
  const known = Object.keys(MODELS).join(', ');
  throw new UsageError(
    `There is no model “${id}”: it is ${known}, or a folder with a manifest.json or constants.json.`,
  );
}

/** @throws UsageError if there is no such precision. */
export function checkPrecision(text: string): NodePrecision {
  const found = NODE_PRECISIONS.find((precision) => precision === text);
  if (found !== undefined) return found;
  throw new UsageError(`--precision is ${NODE_PRECISIONS.join(' or ')}, not “${text}”.`);
}

/** @throws UsageError if there is no such model. */
export async function loadModel(
  { model: id, precision }: { readonly model: string; readonly precision: NodePrecision },
  runtime: GraphRuntime,
  timer: StepTimer,
): Promise<AnyVideoModel> {
  const load = Object.hasOwn(MODELS, checkModelId(id)) ? MODELS[id] : undefined;
  return load ? load(runtime, timer, precision) : loadModelFolder(id, runtime, timer, precision);
}

/** What the masks of a model are said to be made by. @throws UsageError or MaskletError if it cannot be read */
export async function describeModel({
  model: id,
  precision,
}: {
  readonly model: string;
  readonly precision: NodePrecision;
}): Promise<ModelVersion> {
  const manifest = id === DEFAULT_MODEL ? (await ensureGraphs()).manifest : await describeFolder(id);
  return modelVersion(manifest, precision);
}
