import type { FrameMask } from '../../src/core/frameMask.ts';
import { MaskTrack } from '../../src/core/maskTrack.ts';
import type { FramePrompts } from '../../src/core/prompts.ts';
import type { MaskDocument, MaskObject } from '../../src/document/document.ts';
import type { EverythingState } from '../../src/document/everything/followEverything.ts';

/** Where following everything has come, as plain values. */
export interface SavedMasklets {
  readonly doneStretches: number;
  readonly lastId: number;
  readonly trackRun: number;
  readonly objects: readonly (Pick<MaskObject, 'id' | 'name' | 'color'> & {
    readonly prompts: readonly (readonly [frame: number, prompts: FramePrompts])[];
    readonly masks: readonly (readonly [frame: number, mask: FrameMask])[];
  })[];
}

/** A state as plain values, to be written to a file. */
export function saveMasklets({
  document,
  doneStretches,
}: Pick<EverythingState, 'document' | 'doneStretches'>): SavedMasklets {
  const { lastId, trackRun, objects } = document;
  return {
    ...{ doneStretches, lastId, trackRun },
    objects: objects.map(({ id, name, color, prompts, track }) => ({
      ...{ id, name, color, prompts: [...prompts], masks: [...track] },
    })),
  };
}

/** The state that was saved; the beginning where nothing was. @param empty what a document is before anything is found */
export function restoreMasklets(
  saved: SavedMasklets | undefined,
  empty: MaskDocument,
): Pick<EverythingState, 'document' | 'doneStretches'> {
  if (saved === undefined) return { document: empty, doneStretches: 0 };
  const { doneStretches, lastId, trackRun } = saved;
  const objects = saved.objects.map(({ id, name, color, prompts, masks }): MaskObject => {
    const said = new Map(prompts);
    return {
      ...{ id, name, color, prompts: said, decoded: said },
      track: MaskTrack.EMPTY.with(masks),
      locked: [],
    };
  });
  return { document: { ...empty, lastId, trackRun, objects }, doneStretches };
}
