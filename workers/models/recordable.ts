import { nodeProto } from './onnxFile.ts';
import { bytes, readFields, text, writeFields, type Field } from './protobuf.ts';

/** ModelProto.graph; GraphProto.node and .output; NodeProto.output and .op_type; ValueInfoProto.name. Source: onnx/onnx.proto. */
const GRAPH = 7;
const NODE = 1;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const OPERATOR = 4;
const VALUE_NAME = 1;

/** Operators that only give their input other dims. */
const RESHAPING = ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity'];

/**
 * The file of a graph, such that a recorded run of it is whole. ONNX Runtime records kernels, but no copies, and where an output of the graph
 * is another value with other dims, it copies: in a replayed run the output would be what was in its buffer before. So such an output gets a
 * kernel of its own, that of a `Concat` of one part, which gives the same numbers.
 *
 * @returns `file` itself where no output is a copy
 * @throws RangeError if it is no ONNX file
 */
export function recordable(file: Uint8Array): Uint8Array {
  let isChanged = false;
  const model = readFields(file).map((field) => {
    if (field.number !== GRAPH || field.wire !== 2) return field;
    const graph = readFields(field.value);
    const outputs = new Set(partsOf(graph, GRAPH_OUTPUT).map((value) => textIn(value, VALUE_NAME)));
    const fields = graph.flatMap((part): Field[] => {
      if (part.number !== NODE || part.wire !== 2) return [part];
      const node = readFields(part.value);
      const output = textIn(node, NODE_OUTPUT);
      if (!RESHAPING.includes(textIn(node, OPERATOR)) || !outputs.has(output)) return [part];
      isChanged = true;
      const reshaped = `${output}, reshaped`;
      const renamed = node.map((each) => (each.number === NODE_OUTPUT ? text(NODE_OUTPUT, reshaped) : each));
      const join = { op: 'Concat', inputs: [reshaped], outputs: [output], attributes: { axis: 0 } };
      return [bytes(NODE, writeFields(renamed)), bytes(NODE, nodeProto(join))];
    });
    return bytes(GRAPH, writeFields(fields));
  });
  return isChanged ? writeFields(model) : file;
}

/** The messages within a message that have a number. */
function partsOf(message: readonly Field[], number: number): Field[][] {
  return message.flatMap((field) =>
    field.number === number && field.wire === 2 ? [readFields(field.value)] : [],
  );
}

/** The first text within a message that has a number; empty where there is none. */
function textIn(message: readonly Field[], number: number): string {
  const found = message.find((field) => field.number === number);
  return found?.wire === 2 ? new TextDecoder().decode(found.value) : '';
}
