/** A file as a writer makes it: its bytes may come piece by piece, while the file is written. */
export interface OutputFile {
  /** Relative, with `/` between folders. Every part is a name that Windows, macOS and Linux allow. */
  readonly path: string;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
}

/** A file as a reader takes it: nothing is read until it is asked for. */
export interface InputFile {
  /** Relative, with `/` between folders. */
  readonly path: string;
  /** All bytes. @throws FormatError if there are more than `most` of them */
  bytes(most?: number): Promise<Uint8Array>;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path without its last part; empty where it has one only. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path without its ending. */
export function stemOf(path: string): string {
  return baseName(path).replace(/\.[^.]*$/, '');
}

/** Whether a path ends like that, whatever its case. @param ending with its dot */
export function hasEnding(path: string, ending: string): boolean {
  return path.toLowerCase().endsWith(ending);
}

/** Items by a key, in the order in which they come. */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const encoder = new TextEncoder();

/** A short text as a file. */
export function textFile(path: string, text: string): OutputFile {
  return { path, bytes: encoder.encode(text) };
}

/** A value as a JSON file that people can read. */
export function jsonFile(path: string, value: unknown): OutputFile {
  return textFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Characters that are gathered before they are encoded. */
const PIECE = 1 << 16;

/** A long text, which comes in parts, as the bytes of a file. */
export async function* textBytes(parts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  let text = '';
  for await (const part of parts) {
    text += part;
    if (text.length < PIECE) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}

/** The items of a long JSON list, a line each, as parts of a text. */
export async function* jsonItems(items: AsyncIterable<unknown>): AsyncGenerator<string, void, undefined> {
  let separator = '\n';
  for await (const item of items) {
    yield `${separator}${JSON.stringify(item)}`;
    separator = ',\n';
  }
}
