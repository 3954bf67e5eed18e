import { createStore } from 'zustand/vanilla';
import type { EdgeSettings } from '../../core/edges/edgeSettings.ts';
import type { Neighbours } from '../../core/edges/steady.ts';
import type { FrameMask } from '../../core/frameMask.ts';
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

/**
 * What the stage shows in place of the masks as they are: of the frame that is shown and the one that comes next, where any of their edges is
 * not plain; the last first.
 */
export const edgedMasksStore = createStore<{ readonly made: readonly EdgedFrame[] }>(() => ({ made: [] }));

/** Keeps what was made, and beside it only what was made of another frame that is still shown. */
export function keepEdged(edged: EdgedFrame, shownFrame: number | undefined): void {
  const isShown = ({ frame }: EdgedFrame) => frame === shownFrame && frame !== edged.frame;
  edgedMasksStore.setState(({ made }) => ({ made: [edged, ...made.filter(isShown)] }));
}

/** Frees the memory of edges that nothing shows. */
export function forgetEdged(): void {
  if (edgedMasksStore.getState().made.length > 0) edgedMasksStore.setState({ made: [] });
}

/** The frame's masks with these edges; nothing where they have not been made. */
export function edgedMasks(frame: number, masks: readonly MaskWithEdge[]): EdgedFrame | undefined {
  const { made } = edgedMasksStore.getState();
  return made.find((edged) => edged.frame === frame && areSame(edged.of, masks));
}

/** Whether two lists are of the same masks with the same edges. */
function areSame(a: readonly MaskWithEdge[], b: readonly MaskWithEdge[]): boolean {
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
