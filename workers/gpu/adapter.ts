import { gpuFailure } from './gpuFailure.ts';

/** A GPU that is worth using. */
export interface GpuAdapter {
  /** For a person. */
  readonly name: string;
  /** Whether it computes in float16. */
  readonly half: boolean;
  /** Whether it runs on the CPU. */
  readonly isEmulated: boolean;
  readonly limits: GpuLimits;
  /** A device with all that the GPU offers of what ONNX Runtime can use. @throws MaskletError `gpu-lost` if it is gone */
  readonly open: () => Promise<GPUDevice>;
}

/** What of a GPU's limits bounds the model, in bytes where it is no number of buffers. */
export type GpuLimits = Pick<
  GPUSupportedLimits,
  'maxBufferSize' | 'maxStorageBufferBindingSize' | 'maxStorageBuffersPerShaderStage'
>;

/** Renderers that run on the CPU: exact, but hundreds of times slower than WASM on the same machine. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|microsoft basic render/i;

/**
 * The machine's GPU, or `null` where there is none or it is emulated.
 *
 * @param mayBeEmulated takes an emulated one too: for tests
 */
export async function findGpu(mayBeEmulated = false): Promise<GpuAdapter | null> {
  const adapter = await requestAdapter();
  if (!adapter) return null;
  // Older browsers do not tell.
  const info: Partial<GPUAdapterInfo> = (adapter as Partial<GPUAdapter>).info ?? {};
  const { vendor = '', architecture = '', device = '', description = '', isFallbackAdapter = false } = info;
  const isEmulated = isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${device} ${description}`);
  if (isEmulated && !mayBeEmulated) return null;
  return {
    name: description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU',
    half: adapter.features.has('shader-f16'),
    isEmulated,
    limits: adapter.limits,
    open: openDevice,
  };
}

async function requestAdapter(): Promise<GPUAdapter | null> {
  return (await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
}

/** What ONNX Runtime's kernels use where the GPU has it. */
const FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'subgroups'];
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxStorageBuffersPerShaderStage',
] as const;

/** An adapter gives one device and no second one, so it is asked for each time. */
async function openDevice(): Promise<GPUDevice> {
  const adapter = await requestAdapter();
  if (!adapter) throw gpuFailure('gpu-lost', 'the browser offers none any more');
  return adapter.requestDevice({
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    // A browser need not know each of them.
    requiredLimits: Object.fromEntries(
      LIMITS.flatMap((limit) => {
        const most: number | undefined = adapter.limits[limit];
        return most === undefined ? [] : [[limit, most]];
      }),
    ),
  });
}
