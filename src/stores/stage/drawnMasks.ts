import { PLAIN_EDGE, type EdgeSettings } from '../../core/edges/edgeSettings.ts';
import type { Neighbours } from '../../core/edges/steady.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import type { MaskRle } from '../../core/rle.ts';
import { brushStore } from '../work/brushStore.ts';
import { edgeStore, shownEdge } from '../work/edgeStore.ts';
import { nextColor } from '../../document/document.ts';
import { edgedMasks } from './edgedMasks.ts';
import { isShown, objectsStore } from '../work/objectsStore.ts';

/** A mask that the stage shows. */
export interface DrawnMask {
  readonly entry: FrameMask;
  /** Its pixels, in the shape that its edge gives it where that is made. */
  readonly mask: MaskRle;
  readonly edge: EdgeSettings;
  /** The object's masks on the frames beside, where its edge is steadied. */
  readonly neighbours: Neighbours;
  /** `#rrggbb` */
  readonly color: string;
  readonly isSelected: boolean;
}

/** A frame as it is to be drawn. */
export interface DrawnFrame {
  /** In drawing order. */
  readonly masks: readonly DrawnMask[];
  /** Whether the masks have the shapes that their edges ask for. */
  readonly isShaped: boolean;
  /** The objects alone, RGBA of the frame's size as `cutOut` gives it, where an edge is soft. */
  readonly cutOut: Uint8ClampedArray<ArrayBuffer> | undefined;
}

/** What to draw of a frame. */
export function frameToDraw(frame: number): DrawnFrame {
  const shown = shownMasks(frame);
  const edged = edgedMasks(frame, shown);
  const masks = shown.map((mask, at) => ({ ...mask, mask: edged?.masks[at] ?? mask.entry.mask }));
  return { masks, isShaped: edged !== undefined, cutOut: edged?.cutOut };
}

const NONE: Neighbours = {};

type ShownMask = Omit<DrawnMask, 'mask'>;

/** The masks that show on a frame, in drawing order; one that is being painted as far as it is. */
export function shownMasks(frame: number): ShownMask[] {
  const objects = objectsStore.getState();
  const all = objects.history.present.objects;
  const { draft } = brushStore.getState();
  const painted = draft?.frame === frame ? draft : undefined;
  const edges = edgeStore.getState();
  const masks = all.flatMap((object) => {
    const { id, color, track } = object;
    const kept = isShown(objects, id) ? track.get(frame) : undefined;
    const entry = painted?.objectId === id ? painted.entry : kept;
    const isSelected = id === objects.selectedId;
    if (entry === undefined) return [];
    const edge = shownEdge(object, edges);
    const neighbours =
      edge.steady > 0 ? { before: track.get(frame - 1)?.mask, after: track.get(frame + 1)?.mask } : NONE;
    return [{ entry, edge, neighbours, color, isSelected }];
  });
  if (painted === undefined || painted.objectId !== undefined) return masks;
  const color = nextColor(objects.history.present);
  return [...masks, { entry: painted.entry, edge: PLAIN_EDGE, neighbours: NONE, color, isSelected: true }];
}

/** Whether two frames' masks look the same. */
export function areSameMasks(a: DrawnFrame, b: DrawnFrame): boolean {
  return (
    a.cutOut === b.cutOut &&
    a.isShaped === b.isShaped &&
    a.masks.length === b.masks.length &&
    a.masks.every(({ entry, mask, edge, neighbours, color, isSelected }, i) => {
      const other = b.masks[i];
      return (
        entry === other?.entry &&
        mask === other.mask &&
        edge === other.edge &&
        neighbours.before === other.neighbours.before &&
        neighbours.after === other.neighbours.after &&
        color === other.color &&
        isSelected === other.isSelected
      );
    })
  );
}
