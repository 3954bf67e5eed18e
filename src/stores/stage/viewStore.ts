import { createStore } from 'zustand/vanilla';
import type { RoomPoint, Size, VideoPoint } from '../../core/geometry.ts';
import {
  clampView,
  FIT,
  maxZoom,
  panBy,
  reveal,
  zoomAbout,
  type View,
  type Viewport,
} from '../../core/viewport.ts';
import { videoStore } from '../clip/videoStore.ts';

/** How the stage is looked at. Nothing of it is work: undo leaves it alone. */
export interface ViewState {
  /** What the frame lies in, in CSS pixels. */
  readonly room: Size;
  readonly view: View;
}

/** How far from the room's edges a point is that keys move, in CSS pixels. */
const MARGIN = 40;

export const viewStore = createStore<ViewState>(() => ({ room: { width: 0, height: 0 }, view: FIT }));

function viewport(): Viewport | undefined {
  const video = videoStore.getState().clip?.info;
  return video && { room: viewStore.getState().room, video };
}

/** Tells how much room the stage has, in CSS pixels; the view is kept within its limits. */
export function setRoom(room: Size): void {
  viewStore.setState({ room });
  const port = viewport();
  if (port) viewStore.setState(({ view }) => ({ view: clampView(view, port) }));
}

/** Zooms by a factor; what is at `anchor`, or in the middle of the room, stays where it is. */
export function zoomBy(factor: number, anchor?: RoomPoint): void {
  const port = viewport();
  if (port === undefined) return;
  const { view, room } = viewStore.getState();
  const at = anchor ?? { x: room.width / 2, y: room.height / 2 };
  viewStore.setState({ view: zoomAbout(view, view.zoom * factor, at, port) });
}

/**
 * Zooms a former view by a factor, and has what was at `from` in it at `to`. A pinch is always measured from where it began: steps
 * would add up what the frame's edges do not allow on the way.
 */
export function pinchView(before: View, factor: number, from: RoomPoint, to: RoomPoint): void {
  const port = viewport();
  if (port === undefined) return;
  const zoomed = zoomAbout(before, before.zoom * factor, from, port);
  viewStore.setState({ view: panBy(zoomed, { x: to.x - from.x, y: to.y - from.y }, port) });
}

/** Moves the frame by CSS pixels. */
export function panView(by: RoomPoint): void {
  const port = viewport();
  if (port) viewStore.setState(({ view }) => ({ view: panBy(view, by, port) }));
}

/** Moves the frame until a point of it is in sight. */
export function revealPoint(point: VideoPoint): void {
  const port = viewport();
  if (port) viewStore.setState(({ view }) => ({ view: reveal(view, point, MARGIN, port) }));
}

/** Shows the whole frame. */
export function fitView(): void {
  viewStore.setState({ view: FIT });
}

/** Whether the frame can still be made larger. */
export function canZoomIn({ room, view }: ViewState, video: Size): boolean {
  return view.zoom < maxZoom({ room, video }) * 0.999;
}
