import { malformed, record, weightFile, type WeightFile } from './manifest.ts';

/** The graphs of Masklet's own contract; docs/model-files.md has their tensors. */
export type Sam2Graph = 'vision_encoder' | 'mask_decoder' | 'memory_encoder' | 'step';

export const SAM2_FAMILIES = ['sam2', 'sam2.1', 'edgetam'] as const;
export type Sam2Family = (typeof SAM2_FAMILIES)[number];

/** Constants of the memory bank's rules, from the model's configuration. */
export interface Sam2Rules {
  /** Spatial memories beside the conditioning ones, plus one. */
  readonly spatialMemories: number;
  readonly objectPointers: number;
  /** Conditioning frames that take part; −1: all. */
  readonly conditioningFrames: number;
  /** Whether object pointers carry their distance in time. */
  readonly pointerPosition: boolean;
  /** The numbers of points for which the decoder chooses among several masks. */
  readonly multimaskPoints: { readonly least: number; readonly most: number };
  /** Whose masks are binarised for the memory: of objects prompted on the frame, or of all if any was. */
  readonly binarize: 'object' | 'batch';
  /** Added to the scores of keys that are padding. */
  readonly paddingBias: number;
}

/** A description of SAM 2, SAM 2.1 or EdgeTAM in Masklet's own contract, as `tools/export` writes it. */
export interface Sam2Manifest {
  readonly name: string;
  readonly family: Sam2Family;
  readonly licence: string;
  /** Side S of the square input; the feature grid has S/16 cells a side. */
  readonly imageSize: number;
  readonly grid: number;
  /** Channels of features and object pointers. */
  readonly hiddenSize: number;
  /** Tokens of one memory, and their width. */
  readonly memoryTokens: number;
  readonly memoryWidth: number;
  readonly graphs: Readonly<Record<Sam2Graph, WeightFile>>;
  readonly constants: WeightFile & { readonly index: Readonly<Record<string, ConstantPlace>> };
  readonly rules: Sam2Rules;
}

export interface ConstantPlace {
  /** In bytes. */
  readonly offset: number;
  readonly shape: readonly number[];
}

/** @throws MaskletError `weights-altered` if `json` is not a manifest of this contract; says which part is not. */
export function parseSam2Manifest(json: unknown): Sam2Manifest {
  const manifest = record(json, 'manifest');
  if (manifest['format'] !== 'masklet-model-1' || manifest['contract'] !== 'masklet')
    throw malformed('format');
  const { name, family, licence } = manifest;
  if (typeof name !== 'string' || typeof licence !== 'string') throw malformed('name or licence');
  const known = SAM2_FAMILIES.find((each) => each === family);
  if (!known) throw malformed('family');
  const number = (of: Record<string, unknown>, key: string): number => {
    const value = of[key];
    if (typeof value !== 'number' || !Number.isInteger(value)) throw malformed(key);
    return value;
  };
  const files = record(record(manifest['graphs'], 'graphs')['fp32'], 'graphs.fp32');
  const graph = (key: Sam2Graph) => describedFile(files[key], key);
  const constants = record(manifest['constants'], 'constants');
  const rules = record(manifest['rules'], 'rules');
  const { binarize, pointer_tpos: pointerPosition, multimask, key_bias_padding: paddingBias } = rules;
  if (binarize !== 'object' && binarize !== 'batch') throw malformed('rules.binarize');
  if (typeof pointerPosition !== 'boolean') throw malformed('rules.pointer_tpos');
  if (typeof paddingBias !== 'number') throw malformed('rules.key_bias_padding');
  return {
    name,
    family: known,
    licence,
    imageSize: number(manifest, 'image_size'),
    grid: number(manifest, 'grid'),
    hiddenSize: number(manifest, 'hidden_size'),
    memoryTokens: number(manifest, 'memory_tokens'),
    memoryWidth: number(manifest, 'memory_width'),
    graphs: {
      vision_encoder: graph('vision_encoder'),
      mask_decoder: graph('mask_decoder'),
      memory_encoder: graph('memory_encoder'),
      step: graph('step'),
    },
    constants: { ...describedFile(constants, 'constants'), index: constantIndex(constants['index']) },
    rules: {
      spatialMemories: number(rules, 'num_maskmem'),
      objectPointers: number(rules, 'max_obj_ptrs'),
      conditioningFrames: number(rules, 'max_cond_frames'),
      pointerPosition,
      multimaskPoints: multimask
        ? { least: number(rules, 'multimask_min_points'), most: number(rules, 'multimask_max_points') }
        : { least: 0, most: -1 },
      binarize,
      paddingBias,
    },
  };
}

/** Something for each graph, one after the other. */
export async function forEachGraph<Made>(
  make: (name: Sam2Graph) => Promise<Made>,
): Promise<Record<Sam2Graph, Made>> {
  return {
    vision_encoder: await make('vision_encoder'),
    mask_decoder: await make('mask_decoder'),
    memory_encoder: await make('memory_encoder'),
    step: await make('step'),
  };
}

function describedFile(json: unknown, name: string): WeightFile {
  const { file, bytes, sha256 } = record(json, name);
  return weightFile({ path: file, bytes, sha256 }, name);
}

function constantIndex(json: unknown): Record<string, ConstantPlace> {
  return Object.fromEntries(
    Object.entries(record(json, 'constants.index')).map(([name, place]) => {
      const { offset, shape } = record(place, name);
      const isShape = Array.isArray(shape) && shape.every((size) => typeof size === 'number');
      if (typeof offset !== 'number' || !isShape) throw malformed(`constants.index.${name}`);
      return [name, { offset, shape }];
    }),
  );
}
