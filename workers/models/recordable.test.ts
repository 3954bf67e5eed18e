import { expect, it } from 'vitest';
import { tensor } from './graph.ts';
import { writeOnnx, type OnnxNode } from './onnxFile.ts';
import { createNodeRuntime } from './ortNode.ts';
import { readFields } from './protobuf.ts';
import { recordable } from './recordable.ts';

const DIMS = [2, 3];

/** A graph whose output `y`, of the dims given, its last node makes. */
function graph(dims: readonly number[], ...nodes: OnnxNode[]): Uint8Array {
  const inputs = [{ name: 'x', dims: DIMS }];
  return writeOnnx({ name: 'graph', inputs, nodes, outputs: [{ name: 'y', dims }] });
}

const flat = (from: string, to: string): OnnxNode => ({
  ...{ op: 'Flatten', inputs: [from], outputs: [to], attributes: { axis: 0 } },
});
const sine = (from: string, to: string): OnnxNode => ({ op: 'Sin', inputs: [from], outputs: [to] });

/** The operators of a file, in their order. */
function operators(file: Uint8Array): string[] {
  const within = (bytes: Uint8Array, number: number) =>
    readFields(bytes).flatMap((field) => (field.number === number && field.wire === 2 ? [field.value] : []));
  return within(file, 7)
    .flatMap((model) => within(model, 1))
    .flatMap((node) => within(node, 4))
    .map((name) => new TextDecoder().decode(name));
}

it('an output that only has other dims gets a kernel of its own, and the same numbers', async () => {
  const file = graph([1, 6], sine('x', 'wave'), flat('wave', 'y'));
  const changed = recordable(file);
  expect(operators(changed)).toEqual(['Sin', 'Flatten', 'Concat']);
  const runtime = createNodeRuntime({ threads: 1 });
  const x = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), DIMS);
  const [before, after] = [await runtime.load('before', file), await runtime.load('after', changed)];
  expect(after.outputs).toEqual(before.outputs);
  expect(await after.run({ x }, ['y'])).toEqual(await before.run({ x }, ['y']));
  await Promise.all([before.dispose(), after.dispose()]);
});

it('a graph that copies nothing stays as it is', () => {
  const file = graph(DIMS, sine('x', 'y'));
  expect(recordable(file)).toBe(file);
  const inside = graph([1, 6], flat('x', 'row'), sine('row', 'y'));
  expect(recordable(inside)).toBe(inside);
});
