/** Boxes of MP4 and MOV files (ISO 14496-12 section 4.2): a size, a type of four letters, and content. */

export interface Mp4Box {
  readonly type: string;
  /** Of the box's content, in bytes from the start of the file or of the view that it was found in. */
  readonly start: number;
  readonly end: number;
}

/** A box that holds others of interest. The demuxer looks into these wherever they are. */
const CONTAINERS = new Set([
  ...['trak', 'mdia', 'minf', 'dinf', 'stbl', 'edts', 'mvex', 'mfra', 'moof', 'traf', 'sinf', 'schi', 'wave'],
]);
/** Real files go seven boxes deep. */
const MAX_DEPTH = 32;

const HEADER_BYTES = 16;
/** Bytes that are read at a time: headers of small boxes come many at once. */
const WINDOW_BYTES = 2 ** 14;

/** Reads a file in pieces, and the one that it read last only once. */
export class BoxReader {
  readonly #file: Blob;
  #at = 0;
  #window = new DataView(new ArrayBuffer(0));

  constructor(file: Blob) {
    this.#file = file;
  }

  /** The bytes from `start` to `end`, or to the end of the file. */
  async view(start: number, end: number): Promise<DataView> {
    const last = Math.min(end, this.#file.size);
    if (start < this.#at || last > this.#at + this.#window.byteLength) {
      const piece = this.#file.slice(start, Math.max(last, start + WINDOW_BYTES));
      this.#window = new DataView(await piece.arrayBuffer());
      this.#at = start;
    }
    return new DataView(this.#window.buffer, start - this.#at, Math.max(0, last - start));
  }

  /** The boxes of the file, one after the other, up to the first place where there is none. */
  async *boxes(): AsyncGenerator<Mp4Box, void, undefined> {
    const { size } = this.#file;
    for (let at = 0; at + 8 <= size;) {
      const box = readHeader(await this.view(at, at + HEADER_BYTES), 0, at, size);
      if (box === undefined) return;
      yield box;
      at = box.end;
    }
  }
}

/** The boxes side by side in a part of a view, up to the first place where there is none. */
export function* childBoxes(view: DataView, start: number, end: number): Generator<Mp4Box, void, undefined> {
  for (let at = start; at + 8 <= end;) {
    const box = readHeader(view, at, at, end);
    if (box === undefined) return;
    yield box;
    at = box.end;
  }
}

/**
 * The boxes in a part of a view, and those within its containers.
 *
 * @throws RangeError if they lie in one another deeper than in any real file
 */
export function* allBoxes(
  view: DataView,
  start: number,
  end: number,
  depth = 0,
): Generator<Mp4Box, void, undefined> {
  if (depth > MAX_DEPTH) throw new RangeError('Boxes lie too deep in one another.');
  for (const box of childBoxes(view, start, end)) {
    yield box;
    if (CONTAINERS.has(box.type)) yield* allBoxes(view, box.start, box.end, depth + 1);
  }
}

/** The box whose header lies at `offset` of `view`, which is `position` in the file; `undefined` if it is none. */
function readHeader(view: DataView, offset: number, position: number, limit: number): Mp4Box | undefined {
  let size = view.getUint32(offset);
  let headerBytes = 8;
  if (size === 1) {
    if (view.byteLength < offset + 16) return undefined;
    size = Number(view.getBigUint64(offset + 8));
    headerBytes = 16;
  } else if (size === 0) {
    size = limit - position;
  }
  if (size < headerBytes) return undefined;
  const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(offset + i)));
  return { type, start: position + headerBytes, end: Math.min(position + size, limit) };
}
