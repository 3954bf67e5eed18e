import { joinBytes } from '../../src/core/joinBytes.ts';

/**
 * A graph's file that also holds what the same graph has at its beginning for inputs of other shapes. All have their weights at the end, so
 * that these are there once. To whoever does not know of that, it is the graph's file.
 *
 * Behind the graph: the beginnings; a list of them as JSON; the list's length in bytes, as four bytes, little-endian; and the mark.
 */
const MARK = new TextEncoder().encode('masklet shapes 1');
const LENGTH_BYTES = 4;

interface Trailer {
  /** Bytes of the graph itself. */
  readonly graph: number;
  /** In their order. */
  readonly beginnings: readonly Beginning[];
}

interface Beginning {
  readonly shape: string;
  readonly bytes: number;
  /** Where in the graph it goes on. */
  readonly goesOn: number;
}

/**
 * Joins graphs that have the same weights at the end.
 *
 * @param others by shape
 * @param wrap makes the trailer a part of the file's format
 */
export function joinShapes(
  graph: Uint8Array,
  others: ReadonlyMap<string, Uint8Array>,
  wrap: (trailer: Uint8Array) => Uint8Array = (trailer) => trailer,
): Uint8Array<ArrayBuffer> {
  const parts = Array.from(others, ([shape, other]) => {
    const common = commonEnd(graph, other);
    const beginning = other.subarray(0, other.length - common);
    return { beginning, entry: { shape, bytes: beginning.length, goesOn: graph.length - common } };
  });
  const trailer: Trailer = { graph: graph.length, beginnings: parts.map(({ entry }) => entry) };
  const list = new TextEncoder().encode(JSON.stringify(trailer));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, list.length, true);
  return joinBytes([
    graph,
    wrap(joinBytes([...parts.map(({ beginning }) => beginning), list, length, MARK])),
  ]);
}

/** The graphs that a file holds. */
export interface ShapedGraphs {
  /** The file's own graph. */
  readonly whole: Uint8Array;
  /** Puts together the graph for inputs of another shape, by its name. */
  readonly parts: ReadonlyMap<string, () => Uint8Array>;
}

/** What a file holds: a graph, with others or without. */
export function readShapes(file: Uint8Array): ShapedGraphs {
  const mark = file.length - MARK.length;
  if (!MARK.every((byte, i) => file[mark + i] === byte)) return { whole: file, parts: new Map() };
  const end = mark - LENGTH_BYTES;
  const length = new DataView(file.buffer, file.byteOffset + end, LENGTH_BYTES).getUint32(0, true);
  const text = new TextDecoder().decode(file.subarray(end - length, end));
  const { graph, beginnings } = JSON.parse(text) as Trailer;
  let at = end - length - beginnings.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = beginnings.map(({ shape, bytes, goesOn }) => {
    const beginning = file.subarray(at, (at += bytes));
    return [shape, () => joinBytes([beginning, file.subarray(goesOn, graph)])] as const;
  });
  return { whole: file.subarray(0, graph), parts: new Map(parts) };
}

function commonEnd(a: Uint8Array, b: Uint8Array): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[a.length - 1 - length] === b[b.length - 1 - length])
    length++;
  return length;
}
