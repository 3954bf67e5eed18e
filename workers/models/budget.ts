import type { GpuLimits } from '../gpu/adapter.ts';
import { weightFiles, type ModelManifest } from './manifest.ts';
import type { Precision } from './manifestParts.ts';

/** What a machine says of itself, without its name. */
export interface Capacity {
  /** `undefined`: the CPU. */
  readonly gpu: GpuLimits | undefined;
  /** Its main memory, as browsers round it; `undefined` where they do not say. */
  readonly memoryGiB: number | undefined;
}

/** How much is saved since memory has run out: nothing, of the features that are kept, of objects in a step as well. */
export type Thrift = 'none' | 'features' | 'objects';

/** What a model may take of a machine. */
export interface Budget {
  /** Bytes of features that are kept. */
  readonly featureBytes: number;
  /** The most objects in one run of a graph. */
  readonly objectsPerStep: number;
  /** Whether a recorded run of SAM 2's step or memory attention may keep its buffers. */
  readonly replaysStep: boolean;
}

const FLOAT = 4;
const GIB = 2 ** 30;
/** Where a browser does not say how much memory there is. */
const ASSUMED_GIB = 4;
/** No browser tells the memory of a GPU; those that give small buffers only have little. */
const BUFFERS_IN_MEMORY = 4;
/** Shares of the memory. The weights are there several times while they are loaded. */
const SHARE = { weights: 1 / 4, features: 1 / 32, step: 1 / 16 } as const;
/** A recorded run of memory attention keeps a score matrix, and what the softmax makes of it. */
const MATRICES_RECORDED = 2;
/** The frame at the playhead, the one that is tracked, and one that was prompted. */
const LEAST_FRAMES = 3;
/** What is left of the features' budget once memory has run out. */
const THRIFTY_SHARE = 1 / 4;
/** Of the embedded model's features: [256, 64, 64], and 288 values for each cell; and of SAM 2's channels in the hosted exports. */
const EMBEDDED_FEATURES = FLOAT * 64 ** 2 * (256 + 288);
const SAM2_CHANNELS = 256;
/** Of the embedded decoder's tensors for one object that are there at once: four of [32, 256, 256]. */
const EMBEDDED_DECODER = FLOAT * 4 * 32 * 256 ** 2;
/** ONNX Runtime's kernels bind so many buffers; WebGPU guarantees them, a browser's compatibility mode does not. */
const LEAST_STORAGE_BUFFERS = 8;

/** What a model may take of a machine: bytes of features, objects in a step, and whether that may be recorded. */
export function planBudget(manifest: ModelManifest, capacity: Capacity, thrift: Thrift): Budget {
  const memory = memoryOf(capacity);
  const share = thrift === 'none' ? SHARE.features : SHARE.features * THRIFTY_SHARE;
  return {
    featureBytes: Math.max(LEAST_FRAMES * featureBytes(manifest), Math.floor(memory * share)),
    objectsPerStep: thrift === 'objects' ? 1 : objectsPerStep(manifest, capacity),
    replaysStep: thrift === 'none' && canKeepStep(manifest, capacity),
  };
}

/** Whether the buffers of a recorded step are no more than a share of a GPU's memory. */
function canKeepStep(manifest: ModelManifest, capacity: Capacity): boolean {
  if (manifest.family === 'embedded' || !capacity.gpu) return false;
  const { contract, grid, rules } = manifest;
  // The hosted exports take all queries at once, and remember each cell.
  const [tokens, parts] =
    contract === 'hosted' ? [grid ** 2, 1] : [manifest.memoryTokens, manifest.queryParts];
  const scores = FLOAT * (grid ** 2 / parts) * rules.spatialMemories * tokens;
  return MATRICES_RECORDED * scores <= SHARE.step * memoryOf(capacity);
}

/** Whether a GPU can hold a model in a precision, as far as its limits tell. */
export function fitsGpu(
  manifest: ModelManifest,
  precision: Precision,
  gpu: GpuLimits,
  memoryGiB: number | undefined,
): boolean {
  const files = Object.values(weightFiles(manifest, precision) ?? {});
  const weightBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    gpu.maxStorageBuffersPerShaderStage >= LEAST_STORAGE_BUFFERS &&
    weightBytes <= SHARE.weights * memoryOf({ gpu, memoryGiB }) &&
    scoreBytes(manifest) <= largestBuffer(gpu)
  );
}

/**
 * Objects share a run in Masklet's own step, where their score matrices, which are one buffer, are by far the most of it, and on a GPU in
 * the embedded model's decoder.
 */
function objectsPerStep(manifest: ModelManifest, capacity: Capacity): number {
  const bytes = manifest.family === 'embedded' ? decoderBytes(capacity) : scoreBytes(manifest);
  if (bytes === 0) return 1;
  const room = Math.min(largestBuffer(capacity.gpu), SHARE.step * memoryOf(capacity));
  return Math.max(1, Math.floor(room / bytes));
}

/**
 * Bytes of memory attention's score matrix for one object with a full memory: a part of the queries times all keys. 0 where it
 * is not known.
 */
function scoreBytes(manifest: ModelManifest): number {
  if (manifest.family === 'embedded' || manifest.contract === 'hosted') return 0;
  const { grid, memoryTokens, hiddenSize, memoryWidth, queryParts, rules } = manifest;
  const memories = Math.max(rules.spatialMemories - 1 + Math.max(rules.conditioningFrames, 1), 1);
  const keys = memories * memoryTokens + (rules.objectPointers * hiddenSize) / memoryWidth;
  return FLOAT * (grid ** 2 / queryParts) * keys;
}

/** Bytes that an object takes in a run of the embedded decoder; 0 on the CPU, which is given one at a time. */
function decoderBytes({ gpu }: Capacity): number {
  return gpu ? EMBEDDED_DECODER : 0;
}

/** Bytes of one frame's features. */
function featureBytes(manifest: ModelManifest): number {
  if (manifest.family === 'embedded') return EMBEDDED_FEATURES;
  const channels = manifest.contract === 'hosted' ? SAM2_CHANNELS : manifest.hiddenSize;
  // [C/8, 4g, 4g], [C/4, 2g, 2g] and twice [C, g, g].
  return FLOAT * 5 * channels * manifest.grid ** 2;
}

function memoryOf({ gpu, memoryGiB = ASSUMED_GIB }: Capacity): number {
  return Math.min(memoryGiB * GIB, gpu ? BUFFERS_IN_MEMORY * gpu.maxBufferSize : Infinity);
}

function largestBuffer(gpu: GpuLimits | undefined): number {
  return gpu ? Math.min(gpu.maxBufferSize, gpu.maxStorageBufferBindingSize) : Infinity;
}
