import * as ort from 'onnxruntime-node';
import { OrtRuntime } from './ortRuntime.ts';

/** ONNX Runtime in Node, on the CPU. `threads` 0 takes the machine's cores. */
export function createNodeRuntime({ threads = 0 } = {}): OrtRuntime {
  return new OrtRuntime(ort, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    // Each graph has threads of its own: those that wait by spinning would slow down the next graph's.
    extra: { session: { force_spinning_stop: '1' } },
  });
}
