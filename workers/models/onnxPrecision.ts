import { readFields, type Field } from './protobuf.ts';

/** ModelProto.graph, GraphProto.initializer, and TensorProto.data_type with its value for half precision. */
const GRAPH = 7;
const INITIALIZER = 5;
const DATA_TYPE = 2;
const FLOAT16 = 10n;

/**
 * Whether an ONNX file keeps most of its weights in half precision: it computes in it, whatever its inputs and outputs are. False
 * for a file that is no ONNX. Source of the field numbers: onnx/onnx.proto.
 */
export function computesInHalf(file: Uint8Array): boolean {
  try {
    const graph = messages(readFields(file), GRAPH).flatMap(readFields);
    const tensors = messages(graph, INITIALIZER);
    const bytes = (of: readonly Uint8Array[]) => of.reduce((sum, { length }) => sum + length, 0);
    return 2 * bytes(tensors.filter(isHalf)) > bytes(tensors);
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

function isHalf(tensor: Uint8Array): boolean {
  return readFields(tensor).some(
    (field) => field.number === DATA_TYPE && field.wire === 0 && field.value === FLOAT16,
  );
}

function messages(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && field.wire === 2 ? [field.value] : []));
}
