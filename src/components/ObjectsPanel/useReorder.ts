import { useState, type DragEvent } from 'react';
import { placeObject } from '../../stores/work/objectsStore.ts';

/** Marks a drag as one of the list's own, and not of a file. */
const TYPE = 'application/x-masklet-object';

interface Drag {
  readonly id: number;
  readonly from: number;
  /** The gap that it would be dropped into: above the row of this place. */
  readonly gap: number;
}

/** Dragging rows of a list to another place. Returns handlers for a row, and where the drop would be. */
export function useReorder() {
  const [drag, setDrag] = useState<Drag>();

  const rowHandlers = (id: number, place: number) => ({
    onDragStart: (event: DragEvent<HTMLElement>) => {
      event.dataTransfer.setData(TYPE, String(id));
      event.dataTransfer.effectAllowed = 'move';
      setDrag({ id, from: place, gap: place });
    },
    onDragOver: (event: DragEvent<HTMLElement>) => {
      if (drag === undefined) return;
      event.preventDefault();
      const { top, height } = event.currentTarget.getBoundingClientRect();
      const gap = event.clientY < top + height / 2 ? place : place + 1;
      if (gap !== drag.gap) setDrag({ ...drag, gap });
    },
    onDrop: (event: DragEvent<HTMLElement>) => {
      if (drag === undefined) return;
      event.preventDefault();
      placeObject(drag.id, drag.gap > drag.from ? drag.gap - 1 : drag.gap);
      setDrag(undefined);
    },
    onDragEnd: () => setDrag(undefined),
  });

  const isMove = drag !== undefined && drag.gap !== drag.from && drag.gap !== drag.from + 1;
  return { gap: isMove ? drag.gap : undefined, rowHandlers };
}
