/**
 * A compute shader with one entry point.
 *
 * @param code WGSL
 * @param constants the values of its overrides, by name
 */
export function computeShader(
  device: GPUDevice,
  label: string,
  code: string,
  constants: Record<string, number> = {},
): GPUComputePipeline {
  const module = device.createShaderModule({ label, code });
  return device.createComputePipeline({ label, layout: 'auto', compute: { module, constants } });
}
