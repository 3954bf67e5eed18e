import { writeOnnx } from '../../workers/models/onnxFile.ts';
import { elements, type GraphRuntime } from '../../workers/models/graph.ts';
import { OnnxModel, type ModelNode } from '../graphs/onnxModel.ts';
import { openGraph } from './openGraph.ts';

/** What one run of a graph cannot do without. */
export interface GraphWork {
  /** Bytes of its constants. */
  readonly weightBytes: number;
  /** Bytes of its matrix products' and convolutions' other factors and results, each counted where it is read or written. */
  readonly activationBytes: number;
  /** Multiplications and additions of its matrix products and convolutions. */
  readonly flops: number;
}

const PRODUCTS = ['MatMul', 'Gemm', 'Conv', 'ConvTranspose'];

/** Counts a float32 graph's work. Shapes are those that a run has. */
export async function graphWork(runtime: GraphRuntime, file: Uint8Array): Promise<GraphWork> {
  const model = OnnxModel.read(file);
  const constants = [...model.initializers.values()];
  const products = model.nodes.filter(({ op }) => PRODUCTS.includes(op));
  const values = new Set(products.flatMap(({ inputs, outputs }) => [...inputs.slice(0, 2), ...outputs]));
  const computed = new Set(model.nodes.flatMap(({ outputs }) => outputs));
  model.keepOutputs([...values].filter((name) => computed.has(name)).map((name) => ({ name })));
  const graph = await openGraph(runtime, model.write());
  const shapes = new Map([
    ...constants.map(({ name, dims }) => [name, dims] as const),
    ...(await graph.shapes()),
  ]);
  await graph.dispose();
  const dimsOf = (name: string | undefined) => shapes.get(name ?? '') ?? [];
  const weights = new Set(constants.map(({ name }) => name));
  return {
    weightBytes: constants.reduce((sum, { raw }) => sum + raw.length, 0),
    activationBytes: products.reduce((sum, { inputs, outputs }) => {
      const moved = [...inputs.slice(0, 2), ...outputs].filter((name) => !weights.has(name));
      return sum + moved.reduce((bytes, name) => bytes + 4 * elements(dimsOf(name)), 0);
    }, 0),
    flops: products.reduce((sum, node) => sum + 2 * multiplications(node, dimsOf), 0),
  };
}

function multiplications(
  { op, inputs: [first, second], outputs: [output] }: ModelNode,
  dimsOf: (name: string | undefined) => readonly number[],
): number {
  const factor = dimsOf(second);
  switch (op) {
    // Weights are [out, in / groups, kernel], or [in, out / groups, kernel].
    case 'Conv':
      return elements(dimsOf(output)) * elements(factor.slice(1));
    case 'ConvTranspose':
      return elements(dimsOf(first)) * elements(factor.slice(1));
    // [K, N], or transposed [N, K].
    case 'Gemm': {
      const columns = dimsOf(output).at(-1) ?? 1;
      return elements(dimsOf(output)) * (elements(factor) / columns);
    }
    default:
      return elements(dimsOf(output)) * (factor.at(-2) ?? 1);
  }
}

const PROBE_SIDE = 1024;

/** One large matrix product: what a runtime reaches at best. */
export const PROBE = {
  file: writeOnnx({
    name: 'product',
    inputs: ['a', 'b'].map((name) => ({ name, dims: [PROBE_SIDE, PROBE_SIDE] })),
    nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['c'] }],
    outputs: [{ name: 'c', dims: [PROBE_SIDE, PROBE_SIDE] }],
  }),
  flops: 2 * PROBE_SIDE ** 3,
} as const;
