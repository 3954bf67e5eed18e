import {
  elements,
  tensor,
  type Feeds,
  type GraphRuntime,
  type TensorInfo,
} from '../../workers/models/graph.ts';
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

/** Loads a graph whose outputs are float32, and gives it repeatable noise. */
export async function openGraph(runtime: GraphRuntime, file: Uint8Array): Promise<OpenGraph> {
  const session = await runtime.load('graph', file);
  const feeds: Feeds = Object.fromEntries(session.inputs.map((input) => [input.name, noise(input)]));
  const outputs = session.outputs.map(({ name }) => name);
  return {
    run: () => timed(() => session.run(feeds, outputs)),
    shapes: async () => {
      const values = { ...feeds, ...(await session.run(feeds, outputs)) };
      return new Map(Object.entries(values).map(([name, { dims }]) => [name, dims]));
    },
    dispose: () => session.dispose(),
  };
}

function noise({ name, type, dims: given }: TensorInfo): Feeds[string] {
  const dims = given.map((dim) => (typeof dim === 'number' ? dim : FREE_DIMENSION));
  const length = elements(dims);
  if (type === 'int32') return { data: new Int32Array(length), dims };
  if (type !== 'float32') throw new RangeError(`The input “${name}” is of ${type}, not float32 or int32.`);
  let state = 7;
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 2 ** 29 - 2;
  });
  return tensor(data, dims);
}
