import { expect, it } from 'vitest';
import { MaskletError } from '../../src/core/errors.ts';
import { gpuFailure, gpuFailureIn, isGpuFailure } from './gpuFailure.ts';

it.each([
  ['Device is lost.', 'gpu-lost'],
  ['WebGPU device lost (2): Device was destroyed.', 'gpu-lost'],
  ['A valid external Instance reference no longer exists.', 'gpu-lost'],
  ['Out of memory: buffer of 471859200 bytes', 'gpu-memory'],
  ['Failed to allocate memory for requested buffer of size 16777216', 'gpu-memory'],
  ['Buffer size (4294967296) exceeds the max buffer size limit (268435456).', 'gpu-memory'],
  ['WebGPU validation failed. [Invalid BindGroup] is invalid.', 'gpu-failed'],
  ['[Invalid Buffer (unlabeled)] is invalid due to a previous error.', 'gpu-failed'],
  ['Got invalid dimensions for input: points for the following indices', undefined],
])('%s: %s', (text, code) => {
  expect(gpuFailureIn(text)).toBe(code);
});

it('is told from other errors, and keeps what the browser said', () => {
  const failure = gpuFailure('gpu-memory', 'none is left', new Error('cause'));
  expect(isGpuFailure(failure)).toBe(true);
  expect(failure.message).toContain('(none is left)');
  expect(failure.cause).toBeInstanceOf(Error);
  expect(isGpuFailure(new MaskletError('model-failed', 'A graph failed.'))).toBe(false);
  expect(isGpuFailure(new Error('gpu-lost'))).toBe(false);
});
