import { createStore } from 'zustand/vanilla';
import type { EdgeSettings } from '../../core/edges/edgeSettings.ts';
import type { Neighbours } from '../../core/edges/steady.ts';
import type { FrameMask } from '../../core/maskTrack.ts';
import type { MaskRle } from '../../core/rle.ts';

/** A mask and the edge that it is to be shown with. */
export interface MaskWithEdge {
  readonly entry: FrameMask;
  readonly edge: EdgeSettings;
  /** The object's masks on the frames beside, where its edge is steadied. */
  readonly neighbours: Neighbours;
}

/** Masks of one frame with their edges, as a worker has made them. */
export interface EdgedFrame {
  readonly frame: number;
  /** What they were made of, in drawing order. */
  readonly of: readonly MaskWithEdge[];
  /** The shape of each. */
  readonly masks: readonly MaskRle[];
  /** The objects alone, RGBA of the frame's size as `cutOut` gives it; nothing where no edge is soft. */
  readonly cutOut: Uint8ClampedArray<ArrayBuffer> | undefined;
}

/** What the stage shows in place of the masks as they are: of the frame that was shown last, where any of its edges is not plain. */
export const edgedMasksStore = createStore<{ readonly edged: EdgedFrame | undefined }>(() => ({
  edged: undefined,
}));

/** The frame's masks with these edges; nothing where they have not been made. */
export function edgedMasks(frame: number, masks: readonly MaskWithEdge[]): EdgedFrame | undefined {
  const { edged } = edgedMasksStore.getState();
  const isSame = edged?.frame === frame && areSame(edged.of, masks);
  return isSame ? edged : undefined;
}

/** Whether two lists are of the same masks with the same edges. */
export function areSame(a: readonly MaskWithEdge[], b: readonly MaskWithEdge[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ entry, edge, neighbours: { before, after } }, at) => {
      const other = b[at];
      return (
        entry === other?.entry &&
        edge === other.edge &&
        before === other.neighbours.before &&
        after === other.neighbours.after
      );
    })
  );
}
