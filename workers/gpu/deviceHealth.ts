import { gpuFailure, isGpuFailure, type GpuFailure, type GpuFailureCode } from './gpuFailure.ts';

/**
 * Watches a GPU device. What is submitted to one that has failed does nothing and says nothing: only what is read back of it
 * tells, and is garbage where an allocation or a kernel before it failed. The browser reports such errors before it answers the
 * reading, so all that is read goes through `guard`.
 */
export class DeviceHealth {
  readonly #failed = new AbortController();
  #isWatched = true;

  constructor(device: GPUDevice) {
    void device.lost.then(({ message }) => this.#fail('gpu-lost', message));
    device.addEventListener('uncapturederror', ({ error }) =>
      this.#fail(error instanceof GPUOutOfMemoryError ? 'gpu-memory' : 'gpu-failed', error.message),
    );
  }

  /** Fires when the device has failed, with the first failure as its reason. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  get failure(): GpuFailure | undefined {
    const reason: unknown = this.failed.reason;
    return isGpuFailure(reason) ? reason : undefined;
  }

  /**
   * What was read back, if the device is well.
   *
   * @throws MaskletError `gpu-lost`, `gpu-memory` or `gpu-failed`. Waiting is broken off before a loss is reported: what cannot
   *   be read for no known reason counts as lost.
   */
  async guard<Result>(reading: Promise<Result>): Promise<Result> {
    let result: Result;
    try {
      result = await reading;
    } catch (cause) {
      throw this.failure ?? gpuFailure('gpu-lost', cause instanceof Error ? cause.message : '', cause);
    }
    if (this.failure) throw this.failure;
    return result;
  }

  /** To be called before the device is destroyed on purpose. */
  stop(): void {
    this.#isWatched = false;
  }

  #fail(code: GpuFailureCode, detail: string): void {
    if (this.#isWatched && !this.failed.aborted) this.#failed.abort(gpuFailure(code, detail.trim()));
  }
}
