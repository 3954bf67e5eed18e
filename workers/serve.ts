import * as Comlink from 'comlink';
import { carryErrorCodes } from '../src/core/errors.ts';
import { guardScriptAddresses } from '../src/core/scriptAddresses.ts';

/** Set on the global scope of a worker whose service has been started. */
const SERVING = Symbol.for('masklet.serving');

/**
 * Starts a worker's service, and shows the page for how long the worker lives. Called from a worker's entry point. A second
 * call does nothing: an engine that evaluates the entry point twice would otherwise have two services answer each message.
 *
 * @param make makes the service; not called where one runs already
 */
export function serve(scope: DedicatedWorkerGlobalScope, make: () => object): void {
  if (SERVING in scope) return;
  Object.defineProperty(scope, SERVING, { value: true });
  guardScriptAddresses(scope);
  carryErrorCodes(Comlink.transferHandlers);
  Comlink.expose(make(), scope);
  scope.addEventListener('message', ({ data }) => {
    if (data === 'ping') scope.postMessage('pong');
  });
  holdLifeline(scope);
}

/**
 * Holds a lock under the worker's name for as long as the worker lives. The UI thread waits for the same lock: it gets it
 * only when the worker has died, also of causes that fire no event (out of memory, a killed process).
 */
function holdLifeline(scope: DedicatedWorkerGlobalScope): void {
  void scope.navigator.locks.request(scope.name, () => {
    scope.postMessage('alive');
    return new Promise<never>(() => undefined);
  });
}
