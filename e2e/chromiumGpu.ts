/**
 * Chromium's command line for WebGPU. A GPU that SwiftShader emulates on the CPU is everywhere: as exact as a real one, though a
 * thousand times as slow. With MASKLET_GPU=real in the environment it is the machine's own.
 */
export const IS_REAL_GPU = process.env.MASKLET_GPU === 'real';

const REAL_GPU = [
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  // There Chromium has WebGPU through Vulkan only; the rest is for machines without a display.
  ...(process.platform === 'linux'
    ? [
        ...['--enable-features=Vulkan', '--use-angle=vulkan', '--disable-vulkan-surface'],
        // Float16, which Chromium does not offer on NVIDIA's Vulkan by itself.
        '--enable-dawn-features=vulkan_enable_f16_on_nvidia',
      ]
    : []),
];

/** For a page that computes. */
export const COMPUTING_GPU = IS_REAL_GPU
  ? REAL_GPU
  : ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** For a page that also draws on canvases. */
export const STAGE_GPU = IS_REAL_GPU
  ? REAL_GPU
  : [...COMPUTING_GPU, '--enable-features=Vulkan', '--use-vulkan=swiftshader', '--use-angle=swiftshader'];
