import type { Size, VideoBox } from '../../core/geometry.ts';
import { WHOLE_FRAME, type FramePart } from '../../core/viewport.ts';

/** What is left free around a mask, as a share of its larger side. */
const MARGIN = 0.2;

/**
 * The part of a frame that a picture of a box on it shows: in the picture's proportions, and within the frame where it fits; all of
 * the frame where there is no box.
 */
export function partAround(box: VideoBox | null, frame: Size, picture: Size): FramePart {
  if (box === null) return WHOLE_FRAME;
  const margin = MARGIN * Math.max(box.x1 - box.x0, box.y1 - box.y0);
  const aspect = picture.width / picture.height;
  const width = Math.max(box.x1 - box.x0 + 2 * margin, (box.y1 - box.y0 + 2 * margin) * aspect);
  const height = width / aspect;
  const x = within((box.x0 + box.x1 - width) / 2, width, frame.width);
  const y = within((box.y0 + box.y1 - height) / 2, height, frame.height);
  return {
    ...{ x: x / frame.width, y: y / frame.height },
    ...{ width: width / frame.width, height: height / frame.height },
  };
}

/** A length's start, moved so that it lies within the whole; in its middle where it is longer. */
function within(start: number, length: number, whole: number): number {
  return length > whole ? (whole - length) / 2 : Math.min(Math.max(start, 0), whole - length);
}
