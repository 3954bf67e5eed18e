import { tensor, type DeviceTensor } from '../../workers/models/graph.ts';
import { writeOnnx } from '../../workers/models/onnxFile.ts';
import { onGpu } from '../../workers/models/tensorStore.ts';
import { download, largest, upload, type Comparison } from './comparison.ts';
import { startRuntime } from './devices.ts';
import { randomNumbers } from './guesses.ts';

const DIMS = [1, 3, 64, 64];
/**
 * Of more than one kernel, so that what they leave each other is recorded as well. How many pictures there are is left open, one input is a
 * single number, and an output only has other dims than what a kernel made: as in the decoder.
 */
const GRAPH = writeOnnx({
  name: 'recorded',
  inputs: [
    { name: 'input', dims: ['pictures', ...DIMS.slice(1)] },
    { name: 'strength', dims: [1] },
  ],
  nodes: [
    { op: 'Sin', inputs: ['input'], outputs: ['wave'] },
    { op: 'Mul', inputs: ['input', 'strength'], outputs: ['strong'] },
    { op: 'Mul', inputs: ['wave', 'strong'], outputs: ['product'] },
    { op: 'ReduceMean', inputs: ['product'], outputs: ['mean'], attributes: { axes: [1] } },
    { op: 'MatMul', inputs: ['mean', 'mean'], outputs: ['squares'] },
    { op: 'Flatten', inputs: ['squares'], outputs: ['square'], attributes: { axis: 1 } },
  ],
  outputs: [
    { name: 'square', dims: ['pictures', 64 * 64] },
    { name: 'mean', dims: ['pictures', 1, 64, 64] },
  ],
});
const STRENGTH = Float32Array.of(0.5);
const OUTPUTS = ['square', 'mean'] as const;

/** Runs a graph that may be replayed for several inputs, whose results are all kept until the last is there. */
export async function replayGraph(): Promise<{ isReplayed: boolean; left: number; compared: Comparison[] }> {
  const [cpu, { runtime }] = [await startRuntime('wasm'), await startRuntime('webgpu')];
  const { gpu } = runtime;
  if (!gpu) throw new Error('The runtime has no GPU.');
  const expecting = await cpu.runtime.load('plain', GRAPH);
  const session = await runtime.load('recorded', GRAPH, { replay: true, sizes: { pictures: 1 } });
  const random = randomNumbers(3);
  const inputs = [1, 2, 3].map(() => Float32Array.from({ length: 3 * 64 * 64 }, () => 2 * random() - 1));
  const results: Readonly<Record<(typeof OUTPUTS)[number], DeviceTensor>>[] = [];
  for (const values of inputs) {
    const [input, strength] = [upload(gpu, values), upload(gpu, STRENGTH)];
    const feeds = { input: { slice: input, dims: DIMS }, strength: { slice: strength, dims: [1] } };
    results.push(await session.runInPlace(feeds, OUTPUTS));
    for (const slice of [input, strength]) slice.free();
  }
  const compared: Comparison[] = [];
  for (const [i, values] of inputs.entries()) {
    const wanted = await expecting.run(
      { input: tensor(values, DIMS), strength: tensor(STRENGTH, [1]) },
      OUTPUTS,
    );
    const found = await download(
      gpu,
      OUTPUTS.flatMap((name) => {
        const output = results[i]?.[name];
        return output ? [onGpu(output)] : [];
      }),
    );
    OUTPUTS.forEach((name, at) =>
      compared.push({
        ...{ name: `${name} of input ${i}`, different: 0 },
        distance: largest(found[at] ?? new Float32Array(), wanted[name].data),
      }),
    );
  }
  const { isReplayed } = session;
  await Promise.all([session.dispose(), expecting.dispose()]);
  const left = runtime.stats.liveBuffers;
  runtime.dispose();
  return { isReplayed, left, compared };
}
