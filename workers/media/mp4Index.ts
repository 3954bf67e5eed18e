/**
 * A look at an MP4's or MOV's index (ISO 14496-12 section 8) before the demuxer reads it. Its tables and run lengths have 32-bit
 * counts that the demuxer counts out: one damaged byte can make them billions, and the worker hangs or dies for lack of
 * memory. Here each count is held to the bytes that it claims to count.
 */
import { allBoxes, BoxReader, type Mp4Box } from './mp4Boxes.ts';

/** Runs that go this far beyond the samples are the slips of muxers, not damage. */
const SLACK = 4096;
/** Samples that the demuxer may list one by one: frames of 38 hours. */
const MAX_LISTED = 2 ** 22;
/** The index of a film of ten hours has some 40 MB. */
const MAX_INDEX_BYTES = 2 ** 28;
/** Boxes in a file, or in its index: a film of ten hours in fragments of a tenth of a second has 720,000. */
const MAX_BOXES = 2 ** 20;

/** Whether the file is an MP4 or MOV whose index, or that of a fragment, counts more than there can be. */
export async function hasAbsurdIndex(file: Blob): Promise<boolean> {
  const reader = new BoxReader(file);
  let count = 0;
  /** By track, of a fragmented file: bytes of a sample where a fragment does not say. */
  let sizes: ReadonlyMap<number, number> | undefined;
  for await (const { type, start, end } of reader.boxes()) {
    // The demuxer knows MP4 and MOV by this.
    if (count === 0 && type !== 'ftyp' && type !== 'styp') return false;
    if (++count > MAX_BOXES) return true;
    const isIndex = sizes === undefined && type === 'moov';
    if (!isIndex && (sizes === undefined || type !== 'moof')) continue;
    if (end - start > MAX_INDEX_BYTES) return true;
    const view = await reader.view(start, end);
    try {
      if (isIndex ? hasAbsurdTables(view, file.size) : hasAbsurdFragment(view, sizes, file.size)) return true;
      if (!isIndex) continue;
      const defaults = Array.from(allBoxes(view, 0, view.byteLength)).filter((box) => box.type === 'trex');
      // Without fragments the index is all that the demuxer reads.
      if (defaults.length === 0) return false;
      sizes = new Map(defaults.map((box) => [trackOf(view, box), defaultSampleSize(view, box)]));
    } catch (thrown) {
      if (thrown instanceof RangeError) return true;
      throw thrown;
    }
  }
  return false;
}

/** For the content of a `moov` box. @param fileBytes size of the file @throws RangeError as `allBoxes` does */
export function hasAbsurdTables(moov: DataView, fileBytes: number): boolean {
  let count = 0;
  for (const box of allBoxes(moov, 0, moov.byteLength)) {
    if (++count > MAX_BOXES) return true;
    if (box.type === 'trak' && isAbsurdTrack(moov, box, fileBytes)) return true;
  }
  return false;
}

function isAbsurdTrack(view: DataView, track: Mp4Box, fileBytes: number): boolean {
  const tables = Array.from(allBoxes(view, track.start, track.end));
  const of = (wanted: string) => tables.filter(({ type }) => type === wanted);
  for (const [type, bytes] of ENTRY_BYTES)
    if (of(type).some((table) => !holdsEntries(view, table, bytes))) return true;

  let samples = 0;
  for (const table of [...of('stsz'), ...of('stz2')]) {
    const counted = countSamples(view, table, fileBytes);
    if (counted === undefined) return true;
    samples += counted;
  }
  const limit = 2 * samples + SLACK;
  const shown = sum(of('stts').map((table) => sumOfRuns(view, table)));
  const shifted = sum(of('ctts').map((table) => sumOfRuns(view, table)));
  if (shown > limit || shifted > limit) return true;
  // With shifts the demuxer lists every sample.
  if (of('ctts').length > 0 && Math.max(shown, shifted) > MAX_LISTED) return true;
  return of('stsc').some((table) => longestChunk(view, table) > limit);
}

/** Tables that begin with version, flags and a count of entries, and the bytes of an entry. */
const ENTRY_BYTES = new Map([
  ['stts', 8],
  ['ctts', 8],
  ['stsc', 12],
  ['stss', 4],
  ['stco', 4],
  ['co64', 8],
]);

function holdsEntries(view: DataView, { start, end }: Mp4Box, entryBytes: number): boolean {
  return end - start >= 8 && 8 + view.getUint32(start + 4) * entryBytes <= end - start;
}

/** How many samples a table of sizes has; `undefined` if it, or the file, is too small for that. */
function countSamples(view: DataView, { type, start, end }: Mp4Box, fileBytes: number): number | undefined {
  const content = end - start;
  if (content < 12) return undefined;
  const samples = view.getUint32(start + 8);
  if (type === 'stz2') {
    const bits = view.getUint8(start + 7);
    return [4, 8, 16].includes(bits) && 12 + Math.ceil((samples * bits) / 8) <= content ? samples : undefined;
  }
  const size = view.getUint32(start + 4);
  return (size === 0 ? 12 + samples * 4 <= content : samples * size <= fileBytes) ? samples : undefined;
}

/** Of entries that begin with a count. */
function sumOfRuns(view: DataView, { start }: Mp4Box): number {
  let total = 0;
  const end = start + 8 + view.getUint32(start + 4) * 8;
  for (let at = start + 8; at < end; at += 8) total += view.getUint32(at);
  return total;
}

function longestChunk(view: DataView, { start }: Mp4Box): number {
  let most = 0;
  const end = start + 8 + view.getUint32(start + 4) * 12;
  for (let at = start + 8; at < end; at += 12) most = Math.max(most, view.getUint32(at + 4));
  return most;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Flags of `trun` for fields of 4 bytes that each sample has, and of `trun` and `tfhd` for fields before. */
const SAMPLE_FIELDS = [0x100, 0x200, 0x400, 0x800];
const RUN_FIELDS = [0x1, 0x4];
const DEFAULT_SIZE = 0x10;

/** For the content of a `moof` box. @throws RangeError as `allBoxes` does */
function hasAbsurdFragment(
  moof: DataView,
  defaultSizes: ReadonlyMap<number, number> | undefined,
  fileBytes: number,
): boolean {
  let [listed, count, defaultSize] = [0, 0, 0];
  for (const box of allBoxes(moof, 0, moof.byteLength)) {
    if (++count > MAX_BOXES) return true;
    if (box.type === 'tfhd')
      defaultSize = sampleSize(moof, box) ?? defaultSizes?.get(trackOf(moof, box)) ?? 0;
    if (box.type !== 'trun') continue;
    const samples = samplesOfRun(moof, box, defaultSize, fileBytes);
    if (samples === undefined) return true;
    listed += samples;
  }
  return listed > MAX_LISTED;
}

/** The samples of a run in a fragment; `undefined` if it, or the file, is too small for that. */
function samplesOfRun(
  view: DataView,
  { start, end }: Mp4Box,
  defaultSize: number,
  fileBytes: number,
): number | undefined {
  if (end - start < 8) return undefined;
  const flags = view.getUint32(start) & 0xffffff;
  const samples = view.getUint32(start + 4);
  const present = (fields: readonly number[]) => 4 * fields.filter((field) => flags & field).length;
  const [before, each] = [8 + present(RUN_FIELDS), present(SAMPLE_FIELDS)];
  if (before + samples * each > end - start) return undefined;
  if (each > 0) return samples;
  return samples <= SLACK || (defaultSize > 0 && samples * defaultSize <= fileBytes) ? samples : undefined;
}

function trackOf(view: DataView, { start, end }: Mp4Box): number {
  return end - start >= 8 ? view.getUint32(start + 4) : 0;
}

/** Of a box `trex`. */
function defaultSampleSize(view: DataView, { start, end }: Mp4Box): number {
  return end - start >= 20 ? view.getUint32(start + 16) : 0;
}

/** Bytes of a sample by a fragment's header; `undefined` where that does not say. */
function sampleSize(view: DataView, { start, end }: Mp4Box): number | undefined {
  if (end - start < 8) return undefined;
  const flags = view.getUint32(start) & 0xffffff;
  if (!(flags & DEFAULT_SIZE)) return undefined;
  // Base data offset of 8 bytes, description index, duration.
  const at = start + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0) + (flags & 0x8 ? 4 : 0);
  return at + 4 <= end ? view.getUint32(at) : undefined;
}
