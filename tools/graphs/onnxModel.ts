import { nodeProto, valueInfo, type OnnxNode, type OnnxValue } from '../../workers/models/onnxFile.ts';
import {
  bytes,
  integer,
  message,
  readFields,
  readPacked,
  text,
  writeFields,
  type Field,
} from '../../workers/models/protobuf.ts';

/** TensorProto.DataType. */
export const TYPE = { float: 1, uint8: 2, int64: 7, bool: 9, half: 10 } as const;

export interface OnnxTensor {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
  /** Little-endian values, row-major. */
  readonly raw: Uint8Array;
  readonly doc?: Uint8Array | undefined;
}

/** A node as it was read, with its inputs and outputs, which alone may change. */
export interface ModelNode {
  readonly op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** All other fields. */
  readonly rest: readonly Field[];
}

/** An input or output of the graph, its ValueInfoProto as it was read. */
interface ModelValue {
  readonly name: string;
  readonly proto: Uint8Array;
}

/** What a model is made of. */
interface ModelParts {
  readonly nodes: readonly ModelNode[];
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Fields of the model, and of its graph, that are not known. */
  readonly rest: readonly Field[];
  readonly graphRest: readonly Field[];
}

/**
 * An ONNX model that can be changed. What is not known of it is kept: read and written, a file whose fields are in the order
 * of their numbers, as serialisers write them, has the same bytes.
 */
export class OnnxModel {
  nodes: ModelNode[];
  inputs: readonly ModelValue[];
  outputs: readonly ModelValue[];
  readonly initializers: Map<string, OnnxTensor>;
  #rest: readonly Field[];
  readonly #graphRest: readonly Field[];

  private constructor({ nodes, inputs, outputs, initializers, rest, graphRest }: ModelParts) {
    this.nodes = nodes.map((node) => ({ ...node }));
    this.inputs = inputs;
    this.outputs = outputs;
    this.initializers = new Map(initializers);
    this.#rest = rest;
    this.#graphRest = graphRest;
  }

  /** @throws RangeError if `file` is no ONNX model, or its weights are elsewhere. */
  static read(file: Uint8Array): OnnxModel {
    const model = readFields(file);
    const graph = readFields(only(model, 7));
    const all = (number: number) => messages(graph, number);
    return new OnnxModel({
      nodes: all(1).map(readNode),
      initializers: new Map(
        all(5)
          .map(readTensor)
          .map((tensor) => [tensor.name, tensor]),
      ),
      inputs: all(11).map(readValue),
      outputs: all(12).map(readValue),
      rest: model.filter(({ number }) => number !== 7),
      graphRest: graph.filter(({ number }) => ![1, 5, 11, 12].includes(number)),
    });
  }

  /** The same model again: what changes one does not change the other. */
  copy(): OnnxModel {
    const { nodes, inputs, outputs, initializers } = this;
    return new OnnxModel({
      ...{ nodes, inputs, outputs, initializers },
      rest: this.#rest,
      graphRest: this.#graphRest,
    });
  }

  write(): Uint8Array<ArrayBuffer> {
    const graph = inOrder([...this.#besideConstants(), ...constantFields(this.initializers.values())]);
    return writeFields(inOrder([...this.#rest, bytes(7, writeFields(graph))]));
  }

  /** The same, with all constants at the end: first those for which `isFirst`. */
  writeConstantsLast(isFirst: (name: string) => boolean): Uint8Array<ArrayBuffer> {
    const all = [...this.initializers.values()];
    const graph = [
      ...this.#besideConstants(),
      ...constantFields(all.filter(({ name }) => isFirst(name))),
      ...constantFields(all.filter(({ name }) => !isFirst(name))),
    ];
    return writeFields([...this.#rest, bytes(7, writeFields(graph))]);
  }

  #besideConstants(): Field[] {
    return [
      ...this.nodes.map((node) => bytes(1, writeNode(node))),
      ...this.#graphRest,
      ...this.inputs.map(({ proto }) => bytes(11, proto)),
      ...this.outputs.map(({ proto }) => bytes(12, proto)),
    ];
  }

  /** Turns nodes that hold a constant tensor into initializers, so that there is one kind of constant. */
  liftConstants(): void {
    this.nodes = this.nodes.filter((node) => {
      const [name] = node.outputs;
      const value = node.op === 'Constant' ? tensorAttribute(node) : undefined;
      if (!value || name === undefined) return true;
      this.initializers.set(name, { ...value, name });
      return false;
    });
  }

  /** Allows operators that are not ONNX's own. */
  importDomain(domain: string, version: number): void {
    this.#rest = [...this.#rest, message(8, [text(1, domain), integer(2, version)])];
  }

  setInput(value: Required<OnnxValue>): void {
    this.inputs = this.inputs.map((old) =>
      old.name === value.name ? { name: old.name, proto: valueInfo(value) } : old,
    );
  }

  /** Makes these float32 values the graph's outputs, and drops what none of them needs. */
  keepOutputs(values: readonly OnnxValue[]): void {
    this.outputs = values.map((value) => ({ name: value.name, proto: valueInfo(value) }));
    this.dropUnused();
  }

  /** Drops every node, constant and input that no output needs. */
  dropUnused(): void {
    const needed = new Set(this.outputs.map(({ name }) => name));
    this.nodes = this.nodes
      .toReversed()
      .filter(({ inputs, outputs }) => {
        if (!outputs.some((name) => needed.has(name))) return false;
        for (const name of inputs) needed.add(name);
        return true;
      })
      .toReversed();
    for (const name of this.initializers.keys()) if (!needed.has(name)) this.initializers.delete(name);
    this.inputs = this.inputs.filter(({ name }) => needed.has(name));
  }
}

/** The values of a float32 tensor, aligned as the file may not be. */
export function floatValues({ raw }: OnnxTensor): Float32Array<ArrayBuffer> {
  return new Float32Array(new Uint8Array(raw).buffer);
}

/** A constant of float32 values. */
export function floatTensor(name: string, dims: readonly number[], values: readonly number[]): OnnxTensor {
  return { name, type: TYPE.float, dims, raw: new Uint8Array(Float32Array.from(values).buffer) };
}

/** A constant list of int64 values, such as a shape. */
export function integerTensor(name: string, values: readonly number[]): OnnxTensor {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, type: TYPE.int64, dims: [values.length], raw };
}

/** A node that is not yet in a model. */
export function newNode(node: OnnxNode): ModelNode {
  return readNode(nodeProto(node));
}

/** The tensor attribute `value` of a node. */
export function tensorAttribute(node: ModelNode): OnnxTensor | undefined {
  const attribute = findAttribute(node, 'value');
  const proto = attribute && messages(attribute, 5)[0];
  return proto && readTensor(proto);
}

/** An integer attribute of a node; nothing if there is none of that name. */
export function integerAttribute(node: ModelNode, name: string): number | undefined {
  const field = findAttribute(node, name)?.find(({ number }) => number === 3);
  return field?.wire === 0 ? Number(field.value) : undefined;
}

/** The node with its attribute `value` replaced. */
export function withTensorAttribute(node: ModelNode, tensor: OnnxTensor): ModelNode {
  const rest = node.rest.map((field) => {
    if (field.number !== 5 || field.wire !== 2) return field;
    const attribute = readFields(field.value);
    if (string(attribute, 1) !== 'value') return field;
    return bytes(
      5,
      writeFields(attribute.map((part) => (part.number === 5 ? bytes(5, writeTensor(tensor)) : part))),
    );
  });
  return { ...node, rest };
}

function findAttribute({ rest }: ModelNode, name: string): Field[] | undefined {
  return messages(rest, 5)
    .map(readFields)
    .find((attribute) => string(attribute, 1) === name);
}

function readNode(proto: Uint8Array): ModelNode {
  const fields = readFields(proto);
  return {
    op: string(fields, 4),
    inputs: messages(fields, 1).map(decode),
    outputs: messages(fields, 2).map(decode),
    rest: fields.filter(({ number }) => number > 2),
  };
}

function writeNode({ inputs, outputs, rest }: ModelNode): Uint8Array {
  return writeFields([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    ...rest,
  ]);
}

function readTensor(proto: Uint8Array): OnnxTensor {
  const fields = readFields(proto);
  const unknown = fields.find(({ number }) => ![1, 2, 8, 9, 12].includes(number));
  if (unknown) throw new RangeError(`Weights are expected as raw data, not in field ${unknown.number}.`);
  const type = fields.find(({ number }) => number === 2);
  if (type?.wire !== 0) throw new RangeError('A tensor has no type.');
  const dims = fields
    .filter(({ number }) => number === 1)
    .flatMap((field) => (field.wire === 0 ? [field.value] : readPacked(field.value)));
  return {
    name: string(fields, 8),
    type: Number(type.value),
    dims: dims.map(Number),
    raw: messages(fields, 9)[0] ?? new Uint8Array(),
    doc: messages(fields, 12)[0],
  };
}

function writeTensor({ name, type, dims, raw, doc }: OnnxTensor): Uint8Array {
  return writeFields([
    ...dims.map((dim) => integer(1, dim)),
    integer(2, type),
    ...(name === '' ? [] : [text(8, name)]),
    bytes(9, raw),
    ...(doc ? [bytes(12, doc)] : []),
  ]);
}

function constantFields(tensors: Iterable<OnnxTensor>): Field[] {
  return Array.from(tensors, (tensor) => bytes(5, writeTensor(tensor)));
}

function readValue(proto: Uint8Array): ModelValue {
  return { name: string(readFields(proto), 1), proto };
}

function inOrder(fields: readonly Field[]): Field[] {
  return fields.toSorted((a, b) => a.number - b.number);
}

function messages(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && field.wire === 2 ? [field.value] : []));
}

function only(fields: readonly Field[], number: number): Uint8Array {
  const [found] = messages(fields, number);
  if (!found) throw new RangeError(`This is no ONNX model: field ${number} is missing.`);
  return found;
}

function string(fields: readonly Field[], number: number): string {
  const [found] = messages(fields, number);
  return found ? decode(found) : '';
}

function decode(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
