import { rangesOf } from '../core/frameRanges.ts';
import type { FrameMask } from '../core/maskTrack.ts';
import type { FramePrompts } from '../core/prompts.ts';
import type { MaskRle } from '../core/rle.ts';
import { changeObject, withName, withNewObject, type MaskDocument } from './document.ts';

/** `finished`: tracked and locked, to be corrected where they are wrong. `prompts`: what tracking sets out from. */
export type ImportAs = 'finished' | 'prompts';

/** One object of files of masks. */
export interface ImportedObject {
  readonly name: string;
  /** By frame of the clip, in rising order. */
  readonly masks: ReadonlyMap<number, { readonly mask: MaskRle; readonly score?: number }>;
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

function withMasks(
  document: MaskDocument,
  id: number,
  { masks }: ImportedObject,
  as: ImportAs,
): MaskDocument {
  return changeObject(document, id, (object) => {
    const entries = Array.from(masks, ([frame, { mask, score = 1 }]): [number, FrameMask] => {
      return [
        frame,
        as === 'prompts' ? { mask, status: 'prompted', score: 1 } : { mask, status: 'tracked', score },
      ];
    });
    const track = object.track.with(entries);
    if (as === 'finished') return { ...object, track, locked: rangesOf([...masks.keys()]) };
    const prompts = new Map(
      Array.from(masks, ([frame, { mask }]): [number, FramePrompts] => [frame, { points: [], mask }]),
    );
    return { ...object, track, prompts, decoded: new Map(prompts) };
  });
}
