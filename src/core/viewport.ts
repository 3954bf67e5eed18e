import type { RoomPoint, Size, VideoPoint } from './geometry.ts';

/** How a frame is looked at, whatever the size of its room. */
export interface View {
  /** 1: as large as the whole frame fits into the room. */
  readonly zoom: number;
  /** The part of the frame that is in the middle of the room, as shares of the frame's width and height. */
  readonly x: number;
  readonly y: number;
}

/** The whole frame. */
export const FIT: View = { zoom: 1, x: 0.5, y: 0.5 };

/** The room for a frame, in CSS pixels, and the frame in its own. */
export interface Viewport {
  readonly room: Size;
  readonly video: Size;
}

/** Where the frame lies, in CSS pixels of the room; more or less of it may be outside. */
export interface Placement extends Size {
  readonly left: number;
  readonly top: number;
}

/** At most this many CSS pixels for a pixel of the video… */
const LARGEST_PIXEL = 32;
/** …but a frame can always be made this many times larger than it fits. */
const LEAST_ZOOM_LIMIT = 4;

/** Scales `content` to the largest whole size that fits into `room`. */
export function fitInto(content: Size, room: Size): Size {
  const scale = Math.min(room.width / content.width, room.height / content.height);
  return { width: Math.floor(content.width * scale), height: Math.floor(content.height * scale) };
}

/** How far one can zoom in, as a factor of the frame that fits into the room. */
export function maxZoom({ room, video }: Viewport): number {
  const fitted = fitInto(video, room);
  return Math.max(LEAST_ZOOM_LIMIT, (LARGEST_PIXEL * video.width) / Math.max(fitted.width, 1));
}

/** Where a frame lies in its room under a view, in CSS pixels. */
export function placeFrame({ zoom, x, y }: View, { room, video }: Viewport): Placement {
  const fitted = fitInto(video, room);
  const width = fitted.width * zoom;
  const height = fitted.height * zoom;
  return {
    left: Math.round(room.width / 2 - x * width),
    top: Math.round(room.height / 2 - y * height),
    width,
    height,
  };
}

/** The same view with `zoom` between the whole frame and the limit, and no empty room on one side of the frame only. */
export function clampView({ zoom, x, y }: View, viewport: Viewport): View {
  const { room, video } = viewport;
  const fitted = fitInto(video, room);
  const to = Math.min(Math.max(zoom, 1), maxZoom(viewport));
  const clamp = (share: number, shown: number) =>
    shown >= 1 ? 0.5 : Math.min(Math.max(share, shown / 2), 1 - shown / 2);
  return {
    zoom: to,
    x: clamp(x, room.width / Math.max(fitted.width * to, 1)),
    y: clamp(y, room.height / Math.max(fitted.height * to, 1)),
  };
}

/** Zooms to `zoom`; what is at `anchor` stays there, as far as the frame's edges allow. */
export function zoomAbout(view: View, zoom: number, anchor: RoomPoint, viewport: Viewport): View {
  const { room, video } = viewport;
  const fitted = fitInto(video, room);
  const to = Math.min(Math.max(zoom, 1), maxZoom(viewport));
  const move = (offset: number, size: number) => (offset / Math.max(size, 1)) * (1 / view.zoom - 1 / to);
  return clampView(
    {
      zoom: to,
      x: view.x + move(anchor.x - room.width / 2, fitted.width),
      y: view.y + move(anchor.y - room.height / 2, fitted.height),
    },
    viewport,
  );
}

/** Moves the frame by CSS pixels, as far as its edges allow. */
export function panBy(view: View, by: RoomPoint, viewport: Viewport): View {
  const { width, height } = placeFrame(view, viewport);
  return clampView(
    { ...view, x: view.x - by.x / Math.max(width, 1), y: view.y - by.y / Math.max(height, 1) },
    viewport,
  );
}

/** Moves the frame no further than it takes to have a point of it in the room, `margin` CSS pixels from its edges. */
export function reveal(view: View, point: VideoPoint, margin: number, viewport: Viewport): View {
  const { room, video } = viewport;
  const { left, top, width, height } = placeFrame(view, viewport);
  const way = (at: number, size: number) =>
    Math.max(0, Math.min(margin, size / 2) - at) - Math.max(0, at - (size - Math.min(margin, size / 2)));
  const by = {
    x: way(left + (point.x / video.width) * width, room.width),
    y: way(top + (point.y / video.height) * height, room.height),
  };
  return by.x === 0 && by.y === 0 ? view : panBy(view, by, viewport);
}

/** A part of a frame, as shares of the frame's width and height. */
export interface FramePart extends Size {
  readonly x: number;
  readonly y: number;
}

export const WHOLE_FRAME: FramePart = { x: 0, y: 0, width: 1, height: 1 };

/** The part of a placed frame that the room shows, in CSS pixels from the frame's top left corner. */
export function visiblePart({ left, top, width, height }: Placement, room: Size): Placement {
  const x0 = Math.max(0, -left);
  const y0 = Math.max(0, -top);
  return {
    left: x0,
    top: y0,
    width: Math.max(0, Math.min(width, room.width - left) - x0),
    height: Math.max(0, Math.min(height, room.height - top) - y0),
  };
}

/** A placed part of a frame of `whole` CSS pixels, as shares of it. */
export function shareOfFrame({ left, top, width, height }: Placement, whole: Size): FramePart {
  return {
    x: left / whole.width,
    y: top / whole.height,
    width: width / whole.width,
    height: height / whole.height,
  };
}
