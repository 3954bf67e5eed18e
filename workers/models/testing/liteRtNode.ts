import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import { Tensor } from 'onnxruntime-node';
import { LiteRtGraphs } from '../liteRt.ts';
import type { LiteRtModule } from '../liteRtModule.ts';
import { OrtRuntime } from '../ortRuntime.ts';

const require = createRequire(import.meta.url);
/** The build of one thread, without relaxed SIMD: Node 20 has none. */
const SCRIPT = require.resolve('@litertjs/core/wasm/litert_wasm_compat_internal.js');

type Factory = (options: object) => Promise<LiteRtModule>;

/** Graphs for LiteRT in Node, on one thread: several times as slow as in a browser. */
export async function createLiteRtNodeRuntime(): Promise<OrtRuntime> {
  // A script for `require`, in a package that says that its scripts are modules.
  const script: { exports?: Factory } = {};
  const run = compileFunction(await readFile(SCRIPT, 'utf8'), [
    ...['require', '__filename', '__dirname', 'module', 'exports'],
  ]) as (...given: unknown[]) => void;
  run(require, SCRIPT, dirname(SCRIPT), script, {});
  if (!script.exports) throw new TypeError('LiteRT’s script has exported nothing.');
  const silent = { print: () => undefined, printErr: () => undefined };
  const graphs = new LiteRtGraphs(await script.exports(silent), 1, Tensor);
  return new OrtRuntime({ InferenceSession: { create: (file) => graphs.open(file) }, Tensor }, {});
}
