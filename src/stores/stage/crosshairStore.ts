import { createStore } from 'zustand/vanilla';
import { boxFromCorners, type VideoBox, type VideoPoint } from '../../core/geometry.ts';
import { rleIncludes } from '../../core/rle.ts';
import { announce } from '../page/announcements.ts';
import { currentDocument } from '../work/objectsStore.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { uiStore } from '../page/uiStore.ts';
import { videoStore } from '../clip/videoStore.ts';

/** The place on the frame at which keys place prompts. */
export interface CrosshairState {
  /** Nothing until the stage has had the focus. */
  readonly at: VideoPoint | undefined;
  /** Whether the stage has the focus, so that keys mean this place. */
  readonly isActive: boolean;
  /** Where a box was begun that has not ended yet. */
  readonly corner: VideoPoint | undefined;
  /** Puts the focus on the stage; set by the component that is the stage. */
  readonly focusStage: (() => void) | undefined;
}

export const crosshairStore = createStore<CrosshairState>(() => ({
  at: undefined,
  isActive: false,
  corner: undefined,
  focusStage: undefined,
}));

/** Shows the crosshair where it was, at first in the middle of the frame. */
export function activateCrosshair(): void {
  const { clip } = videoStore.getState();
  if (clip === undefined) return;
  const { width, height } = clip.info;
  const { at } = crosshairStore.getState();
  crosshairStore.setState({
    at: at ?? { x: Math.round(width / 2), y: Math.round(height / 2) },
    isActive: true,
  });
}

/** Hides the crosshair, and drops a box that was begun; a dialog only borrows the focus. */
export function deactivateCrosshair(): void {
  if (uiStore.getState().dialog === undefined)
    crosshairStore.setState({ isActive: false, corner: undefined });
}

/** Moves the crosshair by video pixels, within the frame. */
export function moveCrosshair(x: number, y: number): void {
  const { clip } = videoStore.getState();
  const { at } = crosshairStore.getState();
  if (clip === undefined || at === undefined) return;
  const clamp = (value: number, limit: number) => Math.min(Math.max(value, 0), limit);
  const to = { x: clamp(at.x + x, clip.info.width), y: clamp(at.y + y, clip.info.height) };
  crosshairStore.setState({ at: to });
  const name = objectAt(to);
  announce(name === undefined ? `${to.x}, ${to.y}` : `${to.x}, ${to.y}, ${name}`, 'crosshair');
}

/** The name of the uppermost object whose mask covers a place on the frame at the playhead. */
function objectAt(at: VideoPoint): string | undefined {
  const { frame } = playbackStore.getState();
  return currentDocument().objects.findLast(({ track }) => {
    const mask = track.get(frame)?.mask;
    return mask !== undefined && rleIncludes(mask, at);
  })?.name;
}

/** Begins a box at the crosshair. */
export function beginBox(): void {
  const { at } = crosshairStore.getState();
  if (at === undefined) return;
  crosshairStore.setState({ corner: at });
  announce(`Box begun at ${at.x}, ${at.y}.`);
}

/** Drops the box that was begun. */
export function cancelBox(): void {
  crosshairStore.setState({ corner: undefined });
  announce('Box cancelled.');
}

/** Ends the box that was begun; it may be too thin to be one. */
export function takeBox(): VideoBox | undefined {
  const box = crosshairBox(crosshairStore.getState());
  crosshairStore.setState({ corner: undefined });
  return box;
}

/** The box from where it was begun to the crosshair, if it is one pixel wide and high at least. */
export function crosshairBox({ at, corner }: CrosshairState): VideoBox | undefined {
  if (at === undefined || corner === undefined) return undefined;
  const box = boxFromCorners(corner, at);
  return box.x1 - box.x0 >= 1 && box.y1 - box.y0 >= 1 ? box : undefined;
}

/** Forgets the place: another clip is on the stage. */
export function resetCrosshair(): void {
  crosshairStore.setState({ at: undefined, isActive: false, corner: undefined });
}
