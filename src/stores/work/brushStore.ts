import { createStore } from 'zustand/vanilla';
import { paintStroke } from '../../core/brush.ts';
import type { VideoPoint } from '../../core/geometry.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import type { PointLabel } from '../../core/prompts.ts';
import { decodeRle, encodeRle, rleArea } from '../../core/rle.ts';
import { changePrompts, objectsStore, refuseLocked, targetObject } from './objectsStore.ts';
import { setTool } from '../page/uiStore.ts';
import { videoStore } from '../clip/videoStore.ts';

/** A mask that is being painted. */
interface BrushDraft {
  /** Nothing where the stroke will make a new object. */
  readonly objectId: number | undefined;
  readonly frame: number;
  readonly entry: FrameMask;
}

interface BrushState {
  /** The brush's diameter in pixels of the video. */
  readonly diameter: number;
  readonly draft: BrushDraft | undefined;
}

const STEP = 1.25;
const LARGEST = 600;

export const brushStore = createStore<BrushState>(() => ({ diameter: 40, draft: undefined }));

/** Takes the brush, a step larger or smaller. */
export function resizeBrush(direction: 1 | -1): void {
  const { diameter } = brushStore.getState();
  const next = Math.round(diameter * STEP ** direction);
  const changed = next === diameter ? diameter + direction : next;
  brushStore.setState({ diameter: Math.min(Math.max(changed, 1), LARGEST) });
  setTool('brush');
}

/** A stroke that goes on. It shows at once, and becomes the frame's mask prompt at its end. */
export interface Stroke {
  moveTo: (point: VideoPoint) => void;
  end: () => void;
  cancel: () => void;
}

/**
 * Begins a stroke on the mask that the selected object shows on `frame`. Returns nothing where the frame is locked.
 *
 * @param label 1 adds to the mask, 0 erases
 */
export function beginStroke(frame: number, start: VideoPoint, label: PointLabel): Stroke | undefined {
  const size = videoStore.getState().clip?.info;
  const object = targetObject(objectsStore.getState());
  if (size === undefined || (object && refuseLocked(object, frame))) return undefined;
  const before = object?.track.get(frame)?.mask;
  const raster = before ? decodeRle(before) : new Uint8Array(size.width * size.height);
  const { diameter } = brushStore.getState();
  let last = start;
  let scheduled: number | undefined;

  const show = () => {
    scheduled = undefined;
    const entry: FrameMask = { mask: encodeRle(raster, size), status: 'prompted', score: 1 };
    brushStore.setState({ draft: { objectId: object?.id, frame, entry } });
  };
  const moveTo = (point: VideoPoint) => {
    paintStroke(raster, size, [last, point], diameter, label);
    last = point;
    scheduled ??= requestAnimationFrame(show);
  };
  const cancel = () => {
    if (scheduled !== undefined) cancelAnimationFrame(scheduled);
    brushStore.setState({ draft: undefined });
  };
  const end = () => {
    cancel();
    // Keys may have selected or deleted objects meanwhile: the mask is of none but the one that it was begun on.
    if (targetObject(objectsStore.getState())?.id !== object?.id) return;
    const mask = encodeRle(raster, size);
    // A stroke that erases where nothing is says nothing.
    if (before || rleArea(mask) > 0) {
      changePrompts(frame, label === 1 ? 'paint' : 'erase', ({ prior, priorProvenance, around }) => ({
        points: [],
        mask,
        isPainted: true,
        ...(prior && { prior }),
        ...(priorProvenance && { priorProvenance }),
        ...(around && { around }),
      }));
    }
  };
  moveTo(start);
  return { moveTo, end, cancel };
}
