import type { FrameMask } from '../../core/maskTrack.ts';
import { brushStore } from '../work/brushStore.ts';
import { nextColor } from '../../document/document.ts';
import { isShown, objectsStore } from '../work/objectsStore.ts';

/** A mask that the stage shows. */
export interface DrawnMask {
  readonly entry: FrameMask;
  /** `#rrggbb` */
  readonly color: string;
  readonly isSelected: boolean;
}

/** The masks to show of a frame, in drawing order; one that is being painted as far as it is. */
export function masksToDraw(frame: number): DrawnMask[] {
  const objects = objectsStore.getState();
  const all = objects.history.present.objects;
  const { draft } = brushStore.getState();
  const painted = draft?.frame === frame ? draft : undefined;
  const masks = all.flatMap(({ id, color, track }) => {
    const kept = isShown(objects, id) ? track.get(frame) : undefined;
    const entry = painted?.objectId === id ? painted.entry : kept;
    return entry ? [{ entry, color, isSelected: id === objects.selectedId }] : [];
  });
  if (painted === undefined || painted.objectId !== undefined) return masks;
  const color = nextColor(objects.history.present);
  return [...masks, { entry: painted.entry, color, isSelected: true }];
}

/** Whether two lists of masks look the same. */
export function areSameMasks(a: readonly DrawnMask[], b: readonly DrawnMask[]): boolean {
  return (
    a.length === b.length &&
    a.every((mask, i) => {
      const other = b[i];
      return (
        mask.entry === other?.entry && mask.color === other.color && mask.isSelected === other.isSelected
      );
    })
  );
}
