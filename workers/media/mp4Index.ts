/**
 * A look at an MP4's or MOV's index (ISO 14496-12 section 8) before the demuxer reads it. Its run lengths are 32-bit
 * counts that the demuxer counts out: one damaged byte can make them billions, and the worker hangs or dies for lack of
 * memory.
 */

interface Mp4Box {
  readonly type: string;
  /** Of the box's content. */
  readonly start: number;
  readonly end: number;
}

const TOP_LEVEL = [
  'ftyp',
  'styp',
  'moov',
  'mdat',
  'wide',
  'free',
  'skip',
  'pnot',
  'uuid',
  'moof',
  'sidx',
  'meta',
];

/** Runs that go this far beyond the samples are the slips of muxers, not damage. */
const SLACK = 4096;

/** Whether the file is an MP4 or MOV whose index counts far more samples than it lists. */
export async function hasAbsurdIndex(file: Blob): Promise<boolean> {
  for (let at = 0; at + 8 <= file.size;) {
    const header = new DataView(await file.slice(at, at + 16).arrayBuffer());
    const box = readHeader(header, 0, at, file.size);
    if (box === undefined || !TOP_LEVEL.includes(box.type)) return false;
    if (box.type === 'moov') {
      return absurdCounts(new DataView(await file.slice(box.start, box.end).arrayBuffer()));
    }
    at = box.end;
  }
  return false;
}

/** The same for the content of a `moov` box. */
export function absurdCounts(moov: DataView): boolean {
  return childBoxes(moov, 0, moov.byteLength)
    .filter(({ type }) => type === 'trak')
    .some((track) => isAbsurdTrack(moov, track));
}

function isAbsurdTrack(view: DataView, track: Mp4Box): boolean {
  let boxes = [track];
  for (const type of ['mdia', 'minf', 'stbl']) {
    boxes = boxes.flatMap(({ start, end }) =>
      childBoxes(view, start, end).filter((box) => box.type === type),
    );
  }
  const tables = boxes.flatMap(({ start, end }) => childBoxes(view, start, end));
  const sizes = tables.find(({ type }) => type === 'stsz' || type === 'stz2');
  if (sizes === undefined || sizes.end - sizes.start < 12) return false;
  const limit = 2 * view.getUint32(sizes.start + 8) + SLACK;
  return tables.some((table) => {
    // Version and flags, the number of entries, then the entries.
    if (table.type === 'stts' || table.type === 'ctts') return sumOfRuns(view, table) > limit;
    if (table.type === 'stsc') return largest(view, table, 12, 4) > limit;
    return false;
  });
}

/** Of entries of 8 bytes that begin with a count. */
function sumOfRuns(view: DataView, table: Mp4Box): number {
  let sum = 0;
  for (let at = table.start + 8; at + 8 <= table.end; at += 8) sum += view.getUint32(at);
  return sum;
}

function largest(view: DataView, table: Mp4Box, entryBytes: number, offset: number): number {
  let result = 0;
  for (let at = table.start + 8; at + entryBytes <= table.end; at += entryBytes) {
    result = Math.max(result, view.getUint32(at + offset));
  }
  return result;
}

function childBoxes(view: DataView, start: number, end: number): Mp4Box[] {
  const boxes: Mp4Box[] = [];
  for (let at = start; at + 8 <= end;) {
    const box = readHeader(view, at, at, end);
    if (box === undefined) break;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The box whose header lies at `offset` of `view`, which is `position` in the file; `undefined` if it is none. */
function readHeader(view: DataView, offset: number, position: number, limit: number): Mp4Box | undefined {
  let size = view.getUint32(offset);
  let headerBytes = 8;
  if (size === 1 && view.byteLength >= offset + 16) {
    size = Number(view.getBigUint64(offset + 8));
    headerBytes = 16;
  } else if (size === 0) {
    size = limit - position;
  }
  if (size < headerBytes) return undefined;
  const type = String.fromCharCode(...Array.from({ length: 4 }, (_, i) => view.getUint8(offset + 4 + i)));
  return { type, start: position + headerBytes, end: Math.min(position + size, limit) };
}
