import picture from './picture.wgsl?raw';

/** A pipeline that draws on all of a target what a fragment shader makes of a picture. @param code WGSL, after picture.wgsl */
export function pictureShader(
  device: GPUDevice,
  label: string,
  code: string,
  format: GPUTextureFormat,
): GPURenderPipeline {
  const module = device.createShaderModule({ label, code: picture + code });
  return device.createRenderPipeline({
    ...{ label, layout: 'auto' },
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
}

/** The sampler that picture.wgsl reads with. */
export function bilinearSampler(device: GPUDevice): GPUSampler {
  return device.createSampler({ minFilter: 'linear', magFilter: 'linear' });
}
