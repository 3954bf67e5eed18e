import type { LiteRtModule } from './liteRtModule.ts';

type Factory = (options: object) => Promise<LiteRtModule>;

/**
 * WebAssembly that is valid where there is relaxed SIMD: a function of three vectors that multiplies and adds in one step, with which
 * LiteRT is twice as fast as without.
 */
const RELAXED_SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 8, 1, 96, 3, 123, 123, 123, 1, 123],
  ...[3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
);

/**
 * Whether LiteRT's threaded build runs here. Not in Firefox: on visits that the service worker serves, it often waits there for ever
 * (docs/log/2026-11-performance.md).
 */
export function isLiteRtFit(): boolean {
  const isFirefox = navigator.userAgent.includes('Firefox/');
  return !isFirefox && globalThis.crossOriginIsolated && WebAssembly.validate(RELAXED_SIMD);
}

let started: Promise<LiteRtModule> | undefined;

/**
 * LiteRT's threaded build, started once in a worker: its memory and threads are kept.
 *
 * @param threads of its own, this one's included
 */
export function startLiteRt(threads: number): Promise<LiteRtModule> {
  started ??= start(threads).catch((cause: unknown) => {
    started = undefined;
    throw cause;
  });
  return started;
}

async function start(threads: number): Promise<LiteRtModule> {
  const [script, wasm] = await Promise.all([
    import('@litertjs/core/wasm/litert_wasm_threaded_internal.js?url'),
    import('@litertjs/core/wasm/litert_wasm_threaded_internal.wasm?url'),
  ]);
  const factory = await importFactory(script.default);
  // It starts as many threads as there are cores, under a policy for scripts of its own, which the app's does not allow.
  const restore = [
    replace(navigator, 'hardwareConcurrency', threads),
    replace(globalThis, 'trustedTypes', undefined),
  ];
  try {
    return await factory({
      locateFile: () => wasm.default,
      mainScriptUrlOrBlob: script.default,
      print: () => undefined,
      printErr: () => undefined,
    });
  } finally {
    for (const each of restore) each();
  }
}

/** LiteRT's script is none of a module's: it gives what it has to `define`, where there is one (AMD). */
async function importFactory(address: string): Promise<Factory> {
  let factory: Factory | undefined;
  const define = (_needs: readonly string[], make: () => Factory) => (factory = make());
  const restore = replace(globalThis, 'define', Object.assign(define, { amd: true }));
  try {
    await import(/* @vite-ignore */ address);
  } finally {
    restore();
  }
  if (!factory) throw new TypeError('LiteRT’s script has defined nothing.');
  return factory;
}

/** Gives a property of an object of the browser's another value, until the function that is returned is called. */
function replace(object: object, name: string, value: unknown): () => void {
  const former = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true });
  return () => {
    if (former) Object.defineProperty(object, name, former);
    else Reflect.deleteProperty(object, name);
  };
}
