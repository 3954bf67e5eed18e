import { afterEach, describe, expect, it, vi } from 'vitest';
import { findGpu } from './adapter.ts';

afterEach(() => vi.unstubAllGlobals());

const LIMITS = { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30 };

/** A browser whose GPU is told of by `info`; gives what devices are asked for. */
function browserWith(info: object | undefined, features: readonly string[] = []) {
  const requestDevice = vi.fn(() => Promise.resolve({}));
  const adapter = { ...(info && { info }), features: new Set(features), limits: LIMITS, requestDevice };
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
  return requestDevice;
}

describe('the machine’s GPU', () => {
  it('is none where the browser has no WebGPU, or gives no adapter', async () => {
    vi.stubGlobal('navigator', {});
    expect(await findGpu()).toBeNull();
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(null) } });
    expect(await findGpu()).toBeNull();
  });

  it('is not an emulated one, unless that is asked for', async () => {
    browserWith({ vendor: 'google', architecture: 'swiftshader' });
    expect(await findGpu()).toBeNull();
    expect(await findGpu(true)).toMatchObject({ name: 'google swiftshader' });
  });

  it('is used where the browser does not say what it is, with the limits and features that there are', async () => {
    const requestDevice = browserWith(undefined, ['shader-f16', 'timestamp-query']);
    const gpu = await findGpu();
    expect(gpu).toMatchObject({ name: 'GPU', half: true });
    await gpu?.open();
    expect(requestDevice).toHaveBeenCalledWith({ requiredFeatures: ['shader-f16'], requiredLimits: LIMITS });
  });
});
