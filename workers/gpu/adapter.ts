/** A GPU that is worth using. */
export interface GpuAdapter {
  readonly adapter: GPUAdapter;
  /** For a person. */
  readonly name: string;
  /** Whether it computes in float16. */
  readonly half: boolean;
}

/** Renderers that run on the CPU: exact, but hundreds of times slower than WASM on the same machine. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|microsoft basic render/i;

/** The machine's GPU, or `null` where there is none or it is emulated. @param allowSoftware whether an emulated one counts */
export async function findGpu(allowSoftware = false): Promise<GpuAdapter | null> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const isSoftware = isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${device} ${description}`);
  if (isSoftware && !allowSoftware) return null;
  return {
    adapter,
    name: description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU',
    half: adapter.features.has('shader-f16'),
  };
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

/** A device with all that the adapter offers of what ONNX Runtime can use. */
export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
}
