import { elements } from './graph.ts';
import {
  describedModel,
  malformed,
  record,
  weightFile,
  whole,
  type ModelDescription,
  type WeightFile,
} from './manifestParts.ts';

/** The graphs of Masklet's own contract; docs/model-files.md has their tensors. */
export const MASKLET_GRAPHS = ['vision_encoder', 'mask_decoder', 'memory_encoder', 'step'] as const;
export type MaskletGraph = (typeof MASKLET_GRAPHS)[number];

/** The graphs of the contract that others host. */
export const HOSTED_GRAPHS = [
  'vision_encoder',
  'mask_decoder',
  'memory_encoder',
  'memory_attention',
  'pointer_tpos',
] as const;
export type HostedGraph = (typeof HOSTED_GRAPHS)[number];

export const SAM2_FAMILIES = ['sam2', 'sam2.1', 'edgetam'] as const;
export type Sam2Family = (typeof SAM2_FAMILIES)[number];

export type Sam2Precision = 'fp32' | 'fp16';

/** Which memories take part, from the model's configuration. */
export interface BankRules {
  /** Spatial memories beside the conditioning ones, plus one. */
  readonly spatialMemories: number;
  readonly objectPointers: number;
  /** Conditioning frames that take part; −1: all. */
  readonly conditioningFrames: number;
  /** Whose masks are binarised for the memory: of objects prompted on the frame, or of all if any was. */
  readonly binarize: 'object' | 'batch';
}

/** Constants of the rules that are outside the graphs in Masklet's own contract. */
export interface Sam2Rules extends BankRules {
  /** Whether object pointers carry their distance in time. */
  readonly pointerPosition: boolean;
  /** The numbers of points for which the decoder chooses among several masks. */
  readonly multimaskPoints: { readonly least: number; readonly most: number };
  /** Added to the scores of keys that are padding. */
  readonly paddingBias: number;
}

/** The tensors that a graph has by its model's description. */
export interface TensorNames {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** By graph; `undefined` where the description does not say. */
export type GraphTensors<Graph extends string> = Readonly<Record<Graph, TensorNames>> | undefined;

type GraphFiles<Graph extends string> = Readonly<
  Partial<Record<Sam2Precision, Readonly<Record<Graph, WeightFile>>>>
>;

interface Sam2Description extends ModelDescription {
  readonly family: Sam2Family;
  /** Side S of the square input; the feature grid has S/16 cells a side. */
  readonly imageSize: number;
  readonly grid: number;
  readonly rules: BankRules;
}

/** SAM 2, SAM 2.1 or EdgeTAM in Masklet's own contract, as `tools/export` writes it. */
export interface MaskletManifest extends Sam2Description {
  readonly contract: 'masklet';
  /** Channels of features and object pointers. */
  readonly hiddenSize: number;
  /** Tokens of one memory, and their width. */
  readonly memoryTokens: number;
  readonly memoryWidth: number;
  /** Parts that memory attention takes its queries in, one after the other. */
  readonly queryParts: number;
  readonly graphs: GraphFiles<MaskletGraph>;
  readonly tensors: GraphTensors<MaskletGraph>;
  readonly constants: WeightFile & { readonly index: Readonly<Record<string, ConstantPlace>> };
  readonly rules: Sam2Rules;
}

/** SAM 2.1 in the contract of the exports that others host: five graphs. */
export interface HostedManifest extends Sam2Description {
  readonly contract: 'hosted';
  readonly graphs: GraphFiles<HostedGraph>;
  readonly tensors: GraphTensors<HostedGraph>;
  readonly constants: WeightFile;
}

export type Sam2Manifest = MaskletManifest | HostedManifest;

export interface ConstantPlace {
  /** In bytes. */
  readonly offset: number;
  readonly shape: readonly number[];
}

/** The hosted exports have fixed slots: 7 memories, any of which may be conditioning, and 16 pointers. */
export const HOSTED_RULES: BankRules = {
  spatialMemories: 7,
  objectPointers: 16,
  conditioningFrames: 7,
  binarize: 'object',
};

/** The largest numbers that a manifest may state: far above what any model has, and small enough to compute with. */
const MAX_SIDE = 4096;
const MAX_WIDTH = 4096;
const MAX_COUNT = 1024;

/** @throws MaskletError `weights-altered` if `json` is not a manifest of SAM 2; says which part is not. */
export function parseSam2Manifest(json: unknown): Sam2Manifest {
  const manifest = record(json, 'manifest');
  const { format, contract, family: familyName } = manifest;
  if (format !== 'masklet-model-1') throw malformed('format');
  const family = SAM2_FAMILIES.find((each) => each === familyName);
  if (!family) throw malformed('family');
  const imageSize = whole(manifest, 'image_size', 16, MAX_SIDE);
  if (imageSize % 16 !== 0) throw malformed('image_size');
  const constants = weightFile(manifest['constants'], 'constants');
  const shared = { ...describedModel(manifest), family, imageSize, grid: imageSize / 16 };
  // What manifests call it: it has five graphs.
  if (contract === 'five') {
    return {
      ...shared,
      contract: 'hosted',
      graphs: graphFiles(manifest['graphs'], HOSTED_GRAPHS),
      tensors: graphTensors(manifest['tensors'], HOSTED_GRAPHS),
      constants,
      rules: HOSTED_RULES,
    };
  }
  if (contract !== 'masklet') throw malformed('contract');
  return {
    ...shared,
    contract,
    hiddenSize: whole(manifest, 'hidden_size', 1, MAX_WIDTH),
    memoryTokens: whole(manifest, 'memory_tokens', 1, (MAX_SIDE / 16) ** 2),
    memoryWidth: whole(manifest, 'memory_width', 1, MAX_WIDTH),
    queryParts: manifest['query_parts'] === undefined ? 1 : whole(manifest, 'query_parts', 1, MAX_COUNT),
    graphs: graphFiles(manifest['graphs'], MASKLET_GRAPHS),
    tensors: graphTensors(manifest['tensors'], MASKLET_GRAPHS),
    constants: {
      ...constants,
      index: constantIndex(record(manifest['constants'], 'constants')['index'], constants.bytes),
    },
    rules: parseRules(manifest['rules']),
  };
}

function parseRules(json: unknown): Sam2Rules {
  const rules = record(json, 'rules');
  const { binarize, pointer_tpos: pointerPosition, multimask, key_bias_padding: paddingBias } = rules;
  if (binarize !== 'object' && binarize !== 'batch') throw malformed('rules.binarize');
  if (typeof pointerPosition !== 'boolean') throw malformed('rules.pointer_tpos');
  if (typeof paddingBias !== 'number' || !Number.isFinite(paddingBias))
    throw malformed('rules.key_bias_padding');
  return {
    spatialMemories: whole(rules, 'num_maskmem', 1, MAX_COUNT),
    objectPointers: whole(rules, 'max_obj_ptrs', 0, MAX_COUNT),
    conditioningFrames: whole(rules, 'max_cond_frames', -1, MAX_COUNT),
    pointerPosition,
    multimaskPoints: multimask
      ? {
          least: whole(rules, 'multimask_min_points', 0, MAX_COUNT),
          most: whole(rules, 'multimask_max_points', -1, MAX_COUNT),
        }
      : { least: 0, most: -1 },
    binarize,
    paddingBias,
  };
}

function graphFiles<Graph extends string>(json: unknown, names: readonly Graph[]): GraphFiles<Graph> {
  const { fp32, fp16 } = record(json, 'graphs');
  if (fp32 === undefined && fp16 === undefined) throw malformed('graphs');
  const read = (files: unknown, precision: Sam2Precision) => {
    const listed = record(files, `graphs.${precision}`);
    const entries = names.map((name) => [name, weightFile(listed[name], `${name} in ${precision}`)]);
    return { [precision]: Object.fromEntries(entries) as Record<Graph, WeightFile> };
  };
  return {
    ...(fp32 === undefined ? {} : read(fp32, 'fp32')),
    ...(fp16 === undefined ? {} : read(fp16, 'fp16')),
  };
}

function graphTensors<Graph extends string>(json: unknown, names: readonly Graph[]): GraphTensors<Graph> {
  if (json === undefined) return undefined;
  const listed = record(json, 'tensors');
  const entries = names.map((name) => {
    const { inputs, outputs } = record(listed[name], `tensors.${name}`);
    if (!isNames(inputs) || !isNames(outputs)) throw malformed(`tensors.${name}`);
    return [name, { inputs, outputs }];
  });
  return Object.fromEntries(entries) as Record<Graph, TensorNames>;
}

function isNames(json: unknown): json is string[] {
  return Array.isArray(json) && json.every((name) => typeof name === 'string');
}

function constantIndex(json: unknown, bytes: number): Record<string, ConstantPlace> {
  return Object.fromEntries(
    Object.entries(record(json, 'constants.index')).map(([name, place]) => {
      const { offset, shape } = record(place, name);
      const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size > 0);
      if (typeof offset !== 'number' || !isShape) throw malformed(`constants.index.${name}`);
      const sides = shape as number[];
      const end = offset + 4 * elements(sides);
      if (!Number.isInteger(offset) || offset < 0 || end > bytes) throw malformed(`constants.index.${name}`);
      return [name, { offset, shape: sides }];
    }),
  );
}
