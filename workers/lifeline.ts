/**
 * Holds a lock under the worker's name for as long as the worker lives. The UI thread waits for the same lock: it gets it
 * only when the worker has died, also of causes that fire no event (out of memory, a killed process).
 */
export function holdLifeline(scope: DedicatedWorkerGlobalScope): void {
  void navigator.locks.request(scope.name, () => {
    scope.postMessage('alive');
    return new Promise<never>(() => undefined);
  });
}
