import { beforeEach, expect, it, vi } from 'vitest';
import { noticesStore } from '../page/noticesStore.ts';
import { stage } from '../workers/workers.ts';
import { checkGpuEdges, gpuEdgesStore, gpuMakesEdges } from './gpuEdges.ts';
import { stageStore } from './stageStore.ts';

const SIZE = { width: 40, height: 30 };
const check = vi.spyOn(stage, 'checkEdges');

beforeEach(() => {
  check.mockReset();
  vi.spyOn(console, 'warn').mockReturnValue();
  gpuEdgesStore.setState({ phase: 'unknown', mostPixels: 0 });
  noticesStore.setState({ notices: [] });
  stageStore.setState({ renderer: 'gpu' });
});

it('the GPU makes edges of frames that it has room for, once it was seen to make them as the CPU does', async () => {
  check.mockResolvedValue({ mostPixels: 1200 });
  expect(gpuMakesEdges(SIZE)).toBe(false);
  await Promise.all([checkGpuEdges(), checkGpuEdges()]);
  expect(check).toHaveBeenCalledTimes(1);
  expect(gpuMakesEdges(SIZE)).toBe(true);
  expect(gpuMakesEdges({ width: 41, height: 30 })).toBe(false);
  stageStore.setState({ renderer: 'canvas' });
  expect(gpuMakesEdges(SIZE)).toBe(false);
});

it('the CPU makes them where the GPU makes others, and the person is told', async () => {
  check.mockResolvedValue({ mostPixels: 0, problem: 'alpha is off by 12 of 255' });
  await checkGpuEdges();
  await checkGpuEdges();
  expect(check).toHaveBeenCalledTimes(1);
  expect(gpuMakesEdges(SIZE)).toBe(false);
  expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('off by 12'));
  expect(noticesStore.getState().notices).toMatchObject([
    { message: expect.stringContaining('the processor makes them') as unknown },
  ]);
});

it('nobody asks a stage that is drawn without a GPU', async () => {
  stageStore.setState({ renderer: 'canvas' });
  await checkGpuEdges();
  expect(check).not.toHaveBeenCalled();
});
