import { readShapes } from '../../workers/models/shapedFile.ts';

/** A file's graph, or its graph for inputs of another shape. @throws RangeError if it has none */
export function graphOf(file: Uint8Array, shape?: string): Uint8Array {
  const { whole, parts } = readShapes(file);
  const graph = shape === undefined ? whole : parts.get(shape)?.();
  if (!graph) throw new RangeError(`The file has no graph for inputs of ${shape}.`);
  return graph;
}
