/**
 * Writes the few parts of the ONNX format that the project needs: a small graph without weights. Source of the field
 * numbers: onnx/onnx.proto.
 */
import { bytes, integer, message, text, writeFields, type Field } from './protobuf.ts';

/** A float32 value of a graph. A dimension given by name is free. */
export interface OnnxValue {
  readonly name: string;
  /** Left out where the runtime is to infer it. */
  readonly dims?: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
  /** Of operators that are not ONNX's own. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integer attributes, by name. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly OnnxValue[];
}

const FLOAT = 1;
const IR_VERSION = 8;
const OPSET = 17;

/** An ONNX file of a graph without weights. */
export function writeOnnx(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  return writeFields([
    integer(1, IR_VERSION),
    message(7, [
      ...graph.nodes.map((node) => bytes(1, nodeProto(node))),
      text(2, graph.name),
      ...graph.inputs.map((value) => bytes(11, valueInfo(value))),
      ...graph.outputs.map((value) => bytes(12, valueInfo(value))),
    ]),
    message(8, [integer(2, OPSET)]),
  ]);
}

/** Numbers of a file's fields from here on are none of ONNX's. */
const FOREIGN_FIELD = 50_000;

/** Bytes as a field for the end of an ONNX file, which readers of ONNX pass over. */
export function foreignField(content: Uint8Array): Uint8Array {
  return writeFields([bytes(FOREIGN_FIELD, content)]);
}

/** A NodeProto. */
export function nodeProto({ op, domain, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  return writeFields([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => message(5, attributeProto(name, value))),
    ...(domain === undefined ? [] : [text(7, domain)]),
  ]);
}

/** A ValueInfoProto. */
export function valueInfo({ name, dims }: OnnxValue): Uint8Array {
  const shape = dims?.map((dim) => message(1, [typeof dim === 'number' ? integer(1, dim) : text(2, dim)]));
  const tensorType = [integer(1, FLOAT), ...(shape ? [message(2, shape)] : [])];
  return writeFields([text(1, name), message(2, [message(1, tensorType)])]);
}

function attributeProto(name: string, value: number | readonly number[]): Field[] {
  const INT = 2;
  const INTS = 7;
  return typeof value === 'number'
    ? [text(1, name), integer(3, value), integer(20, INT)]
    : [text(1, name), ...value.map((item) => integer(8, item)), integer(20, INTS)];
}
