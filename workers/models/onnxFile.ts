/**
 * Writes the few parts of the ONNX format that the project needs: a small graph without weights, and more outputs on a
 * graph that exists. Source of the field numbers: onnx/onnx.proto.
 */

/** A float32 value of a graph. A dimension given by name is free. */
export interface OnnxValue {
  readonly name: string;
  /** Left out where the runtime is to infer it. */
  readonly dims?: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
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

/**
 * The model with inner values as further outputs, after its own. Protocol buffers merge a field that appears twice, so a
 * second, nearly empty graph at the end of the file adds to the first: no byte of the model changes.
 */
export function exposeOutputs(model: Uint8Array, names: readonly string[]): Uint8Array<ArrayBuffer> {
  const addition = message(7, names.map((name) => message(12, valueInfo({ name }))).flat());
  const exposed = new Uint8Array(model.length + addition.length);
  exposed.set(model);
  exposed.set(addition, model.length);
  return exposed;
}

/** An ONNX file of a graph without weights. */
export function writeOnnx(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...integer(1, IR_VERSION),
    ...message(8, integer(2, OPSET)),
    ...message(7, [
      ...graph.nodes.flatMap((node) => message(1, nodeProto(node))),
      ...text(2, graph.name),
      ...graph.inputs.flatMap((value) => message(11, valueInfo(value))),
      ...graph.outputs.flatMap((value) => message(12, valueInfo(value))),
    ]),
  ]);
}

function nodeProto({ op, inputs, outputs, attributes = {} }: OnnxNode): number[] {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, attributeProto(name, value))),
  ];
}

function attributeProto(name: string, value: number | readonly number[]): number[] {
  const INT = 2;
  const INTS = 7;
  return typeof value === 'number'
    ? [...text(1, name), ...integer(3, value), ...integer(20, INT)]
    : [...text(1, name), ...value.flatMap((item) => integer(8, item)), ...integer(20, INTS)];
}

function valueInfo({ name, dims }: OnnxValue): number[] {
  const shape =
    dims &&
    message(
      2,
      dims.flatMap((dim) => message(1, typeof dim === 'number' ? integer(1, dim) : text(2, dim))),
    );
  const tensorType = [...integer(1, FLOAT), ...(shape ?? [])];
  return [...text(1, name), ...message(2, message(1, tensorType))];
}

function integer(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function text(field: number, value: string): number[] {
  return message(field, [...new TextEncoder().encode(value)]);
}

function message(field: number, content: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

/** A 64-bit two's complement variable-length integer. */
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
