import { rangesOf } from '../core/frameRanges.ts';
import type { FrameMask } from '../core/frameMask.ts';
import type { FramePrompts } from '../core/prompts.ts';
import { provenance, type Provenance } from '../core/provenance.ts';
import type { MaskRle } from '../core/rle.ts';
import { changeObject, withName, withNewObject, type MaskDocument } from './document.ts';

/** `finished`: tracked and locked, to be corrected where they are wrong. `prompts`: what tracking sets out from. */
export type ImportAs = 'finished' | 'prompts';

/** A mask of a file. */
export interface ImportedMask {
  readonly mask: MaskRle;
  readonly score?: number;
  /** What the file says of where it comes from. */
  readonly provenance?: Provenance;
}

/** One object of files of masks. */
export interface ImportedObject {
  readonly name: string;
  /** By frame of the clip, in rising order. */
  readonly masks: ReadonlyMap<number, ImportedMask>;
}

/** A document with the objects of files of masks; those for which there is no room are left out. */
export function withImportedMasks(
  document: MaskDocument,
  imported: readonly ImportedObject[],
  as: ImportAs,
): MaskDocument {
  return imported.reduce((before, object) => {
    const { document: next, id } = withNewObject(before);
    return id === undefined
      ? before
      : withMasks(withName(next, id, object.name || `Object ${id}`), id, object, as);
  }, document);
}

/** Where masks come from of which their file says nothing. */
const IMPORTED = provenance('import');

function withMasks(
  document: MaskDocument,
  id: number,
  { masks }: ImportedObject,
  as: ImportAs,
): MaskDocument {
  return changeObject(document, id, (object) => {
    const entries = Array.from(masks, ([frame, { mask, score = 1, provenance: from = IMPORTED }]) => {
      const entry: FrameMask =
        as === 'prompts'
          ? { mask, status: 'prompted', score: 1, provenance: from }
          : { mask, status: 'tracked', score, provenance: from };
      return [frame, entry] as const;
    });
    const track = object.track.with(entries);
    if (as === 'finished') return { ...object, track, locked: rangesOf([...masks.keys()]) };
    const prompts = new Map(
      Array.from(masks, ([frame, { mask, provenance: from = IMPORTED }]): [number, FramePrompts] => [
        frame,
        { points: [], mask, maskProvenance: from },
      ]),
    );
    return { ...object, track, prompts, decoded: new Map(prompts) };
  });
}
