import { MaskletError, type ErrorCode } from '../../src/core/errors.ts';

/** How a GPU can fail: the device is gone, its memory is used up, or it was asked for what it cannot do. */
export const GPU_FAILURES = ['gpu-lost', 'gpu-memory', 'gpu-failed'] as const satisfies readonly ErrorCode[];
export type GpuFailureCode = (typeof GPU_FAILURES)[number];

export interface GpuFailure extends MaskletError {
  readonly code: GpuFailureCode;
}

/** What has happened, for a person: a sentence without its end. */
export const HAPPENED: Readonly<Record<GpuFailureCode, string>> = {
  'gpu-lost': 'The graphics card was lost',
  'gpu-memory': 'The memory of the graphics card was used up',
  'gpu-failed': 'The graphics card made an error',
};

/** @param detail what the browser says of it */
export function gpuFailure(code: GpuFailureCode, detail: string, cause?: unknown): GpuFailure {
  const message = `${HAPPENED[code]}${detail && ` (${detail})`}. Your work is kept: try again, or choose a smaller model.`;
  return new MaskletError(code, message, { cause }) as GpuFailure;
}

/** Whether what was thrown is a failure of the GPU, as this file's codes name them. */
export function isGpuFailure(thrown: unknown): thrown is GpuFailure {
  return thrown instanceof MaskletError && GPU_FAILURES.some((code) => code === thrown.code);
}

/** What each failure is called by ONNX Runtime and by the browsers; the first that fits. */
const WORDS: readonly (readonly [RegExp, GpuFailureCode])[] = [
  [/device (is |was |has been )?lost|lost device|external instance reference no longer exists/i, 'gpu-lost'],
  [/out[ -]of[ -]memory|failed to allocate|exceeds? the max(imum)? buffer size/i, 'gpu-memory'],
  [/validation (error|failed)|\[invalid \w+/i, 'gpu-failed'],
];

/** The failure of the GPU that an error of ONNX Runtime tells of; `undefined` where it tells of none. */
export function gpuFailureIn(text: string): GpuFailureCode | undefined {
  return WORDS.find(([words]) => words.test(text))?.[1];
}
