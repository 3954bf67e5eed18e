import { MaskletError } from '../../src/core/errors.ts';
import type { GraphRuntime, GraphSession, TensorInfo } from './graph.ts';
import type { GraphTensors, TensorNames } from './sam2Manifest.ts';

/** What a tensor of a graph must be. A dimension given by a letter may be anything. */
export interface TensorSpec {
  readonly type: 'float32' | 'int32';
  readonly dims: readonly (number | string)[];
}

type TensorSpecs = Readonly<Record<string, TensorSpec>>;

export interface Signature {
  readonly inputs: TensorSpecs;
  readonly outputs: TensorSpecs;
  /** Outputs that a graph may lack. */
  readonly optionalOutputs?: TensorSpecs;
}

/** A float32 tensor of these dims; a name stands for a size that is free. */
export function float32(...dims: (number | string)[]): TensorSpec {
  return { type: 'float32', dims };
}

/** An int32 tensor of these dims; a name stands for a size that is free. */
export function int32(...dims: (number | string)[]): TensorSpec {
  return { type: 'int32', dims };
}

/**
 * Loads a model's graphs, one after the other, and holds each to its signature and to the model's description.
 *
 * @param file a graph's file
 * @param signatureOf given the loaded graph, which may tell a size
 * @param replayed those whose inputs always have the same dims, so that a GPU may replay them
 * @throws MaskletError `model-failed` if one cannot be loaded, `weights-altered` if one does not fit; nothing stays loaded then
 */
export async function loadGraphs<Graph extends string>(
  runtime: GraphRuntime,
  { name: model, tensors }: { readonly name: string; readonly tensors: GraphTensors<Graph> },
  names: readonly Graph[],
  file: (name: Graph) => Uint8Array,
  signatureOf: (name: Graph, session: GraphSession) => Signature,
  replayed: readonly Graph[],
): Promise<Record<Graph, GraphSession>> {
  const loaded = {} as Record<Graph, GraphSession>;
  try {
    for (const name of names) {
      loaded[name] = await runtime.load(name, file(name), { replay: replayed.includes(name) });
      checkSignature(model, name, loaded[name], signatureOf(name, loaded[name]), tensors?.[name]);
    }
    return loaded;
  } catch (error) {
    await Promise.all(Object.values<GraphSession>(loaded).map((session) => session.dispose()));
    throw error;
  }
}

/**
 * Holds a loaded graph to the signature of its contract, and to the tensors that its model's description names. What the graph
 * itself leaves open passes, and so do outputs that nobody asks for.
 *
 * @throws MaskletError `weights-altered`, naming the model, the graph and the tensor
 */
export function checkSignature(
  model: string,
  graph: string,
  { inputs, outputs }: Pick<GraphSession, 'inputs' | 'outputs'>,
  signature: Signature,
  described?: TensorNames,
): void {
  const refuse = (what: string) =>
    new MaskletError('weights-altered', `The graph “${graph}” does not fit the model “${model}”: ${what}.`);
  const hold = (kind: string, specs: TensorSpecs, tensors: readonly TensorInfo[], optional = false) => {
    for (const [name, spec] of Object.entries(specs)) {
      const found = tensors.find((each) => each.name === name);
      if (!found && optional) continue;
      if (!found) throw refuse(`it has no ${kind} “${name}”`);
      if (!fits(found, spec))
        throw refuse(`its ${kind} “${name}” should be ${describe(spec)}, not ${describe(found)}`);
    }
  };
  hold('input', signature.inputs, inputs);
  hold('output', signature.outputs, outputs);
  hold('output', signature.optionalOutputs ?? {}, outputs, true);
  const missing = (kind: string, names: readonly string[], tensors: readonly TensorInfo[]) => {
    const name = names.find((each) => !tensors.some((found) => found.name === each));
    if (name !== undefined) throw refuse(`it has no ${kind} “${name}”`);
  };
  missing('input', described?.inputs ?? [], inputs);
  missing('output', described?.outputs ?? [], outputs);
  const extra = inputs.find(({ name }) => !(name in signature.inputs));
  if (extra) throw refuse(`it has an input “${extra.name}” that is not known`);
}

function fits({ type, dims }: TensorInfo, spec: TensorSpec): boolean {
  if (type !== spec.type) return false;
  // A shape that the graph leaves open reads as a scalar’s.
  if (dims.length === 0) return true;
  if (dims.length !== spec.dims.length) return false;
  return dims.every((dim, i) => isOpen(dim) || isOpen(spec.dims[i]) || dim === spec.dims[i]);
}

function isOpen(dim: number | string | undefined): boolean {
  return typeof dim !== 'number' || dim <= 0;
}

function describe({ type, dims }: Pick<TensorInfo, 'type' | 'dims'>): string {
  return `${type} [${dims.join(', ')}]`;
}
