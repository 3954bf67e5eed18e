import { describe, expect, it } from 'vitest';
import type { GpuAdapter } from '../gpu/adapter.ts';
import { withoutWrongHalf, type Way } from './devices.ts';

const gpu: GpuAdapter = {
  ...{ name: 'A GPU', half: true, isEmulated: false },
  limits: { maxBufferSize: 0, maxStorageBufferBindingSize: 0, maxStorageBuffersPerShaderStage: 0 },
  open: () => Promise.reject(new Error('not needed')),
};
const half: Way = { precision: 'fp16', gpu };
const others: readonly Way[] = [
  { precision: 'fp32', gpu },
  { precision: 'fp32', gpu: undefined },
];

describe('a model is run', () => {
  it('in half precision where that comes out right', async () => {
    const ways = [half, ...others];
    expect(await withoutWrongHalf(ways, (way) => Promise.resolve(way === half))).toEqual(ways);
  });

  it('in full precision where half comes out wrong, and the GPU’s name says so', async () => {
    expect(await withoutWrongHalf([half, ...others], () => Promise.resolve(false))).toEqual([
      { precision: 'fp32', gpu: { ...gpu, name: 'A GPU, in full precision, as its half is wrong' } },
      { precision: 'fp32', gpu: undefined },
    ]);
  });

  it('in full precision where there is no half, which is then not tried', async () => {
    const tried = () => Promise.reject(new Error('There is no half precision to try.'));
    expect(await withoutWrongHalf(others, tried)).toEqual(others);
  });
});
