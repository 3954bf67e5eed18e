import { tensor, type Feeds, type GraphRuntime, type TensorInfo } from '../../workers/models/graph.ts';
import { timed } from './takeTurns.ts';

/** A loaded graph with its inputs, to be run again and again. */
export interface OpenGraph {
  /** Runs it and gives the milliseconds. */
  readonly run: () => Promise<number>;
  /** Runs it and gives the dimensions of its inputs and outputs, by name. */
  readonly shapes: () => Promise<ReadonlyMap<string, readonly number[]>>;
  readonly dispose: () => Promise<void>;
}

/** A free dimension of an input. Of a decoder's points: a click and what stands for a box that is not there. */
const FREE_DIMENSION = 2;

/** Loads a graph whose outputs are float32, and gives it repeatable noise. On a GPU all tensors stay there, and a run ends when its work is done. */
export async function openGraph(runtime: GraphRuntime, file: Uint8Array): Promise<OpenGraph> {
  const session = await runtime.load('graph', file);
  const given = session.inputs.map((input) => [input.name, noise(input)] as const);
  const feeds: Feeds = Object.fromEntries(given);
  const inPlace: Feeds = Object.fromEntries(given.map(([name, value]) => [name, upload(runtime, value)]));
  const outputs = session.outputs.map(({ name }) => name);
  return {
    run: () =>
      timed(async () => {
        const results = await session.runInPlace(inPlace, outputs);
        await runtime.gpu?.device.queue.onSubmittedWorkDone();
        for (const result of Object.values(results)) runtime.tensors.free(result);
      }),
    shapes: async () => {
      const values = { ...feeds, ...(await session.run(feeds, outputs)) };
      return new Map(Object.entries(values).map(([name, { dims }]) => [name, dims]));
    },
    dispose: () => session.dispose(),
  };
}

function upload({ gpu, tensors }: GraphRuntime, value: Feeds[string]): Feeds[string] {
  return gpu && 'data' in value && value.data instanceof Float32Array
    ? tensors.join([{ dims: value.dims, data: value.data }], value.dims)
    : value;
}

function noise({ name, type, dims: given }: TensorInfo): Feeds[string] {
  const dims = given.map((dim) => (typeof dim === 'number' ? dim : FREE_DIMENSION));
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (type === 'int32') return { data: new Int32Array(length), dims };
  if (type !== 'float32') throw new RangeError(`The input “${name}” is of ${type}, not float32 or int32.`);
  let state = 7;
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 2 ** 29 - 2;
  });
  return tensor(data, dims);
}
