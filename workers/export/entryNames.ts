import type { ExportObject } from '../../src/core/protocol/exporter.ts';

type NamedObject = Pick<ExportObject, 'objectId' | 'name'>;

/** Paths of the files in a ZIP of masks. */
export interface EntryNames {
  idMap(frame: number): string;
  /** The folder of one object's black and white masks. */
  folder(object: NamedObject): string;
  binary(object: NamedObject, frame: number): string;
}

/** DAVIS numbers frames from 0 with five digits; longer clips take as many as they need, so that names sort. */
export function entryNames(frameCount: number): EntryNames {
  const digits = Math.max(5, String(frameCount - 1).length);
  const file = (frame: number) => `${String(frame).padStart(digits, '0')}.png`;
  const folder = ({ objectId, name }: NamedObject) => `binary/${objectId}-${safeName(name)}`;
  return {
    idMap: (frame) => `masks/${file(frame)}`,
    folder,
    binary: (object, frame) => `${folder(object)}/${file(frame)}`,
  };
}

/** In characters; with the longest UTF-8 and an id it stays below the 255 bytes that file systems allow. */
const MAX_NAME = 60;

/**
 * A name as part of a path on any system: letters, digits, `-`, `_` and spaces, in any script; everything else, path
 * separators and dots first of all, becomes `-`.
 */
export function safeName(name: string): string {
  const safe = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_ -]+/gu, '-');
  const short = Array.from(safe.replace(/^[- ]+/, ''))
    .slice(0, MAX_NAME)
    .join('');
  return short.replace(/[- ]+$/, '') || 'object';
}
