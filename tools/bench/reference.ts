import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { root } from '../setup.mjs';
import { openGraph } from './openGraph.ts';
import { takeTurns, type BenchPair } from './takeTurns.ts';

const PYTHON = 'python3';

/**
 * The vision encoder of the tiny SAM 2 in onnxruntime-node against the reference in PyTorch, on one thread each. `undefined` where
 * `python3` has no PyTorch.
 */
export async function referencePair(rounds: number): Promise<BenchPair | undefined> {
  const isThere = await promisify(execFile)(PYTHON, ['-c', 'import torch, transformers']).catch(
    () => undefined,
  );
  if (!isThere) return undefined;
  const graph = 'fixtures/models/sam2.1-tiny-random/vision_encoder.onnx';
  const ours = await openGraph(createNodeRuntime({ threads: 1 }), await readFile(join(root, graph)));
  const python = spawn(PYTHON, ['-m', 'masklet_export.turns'], {
    cwd: join(root, 'tools/export'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(python, 'close');
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  const reference = async () => {
    python.stdin.write('\n');
    const line = await lines.next();
    if (line.done) throw new Error('The reference ended before its turn.');
    return Number(line.value);
  };
  try {
    return await takeTurns(
      'the vision encoder of the tiny SAM 2',
      { name: 'Node, 1 thread', run: ours.run },
      { name: 'PyTorch, 1 thread', run: reference },
      rounds,
    );
  } finally {
    python.stdin.end();
    await ended;
    await ours.dispose();
  }
}
