import { createStore } from 'zustand/vanilla';
import type { VideoPoint } from '../../core/geometry.ts';
import type { Segmentation } from '../../core/protocol/segmenter.ts';
import type { MaskRle } from '../../core/rle.ts';
import { DecodePump } from '../work/decodePump.ts';
import { modelStore } from '../model/modelStore.ts';
import { mayUseModel, onModelTurn } from '../model/modelTurn.ts';
import { isModelReady, modelWorkStore } from '../model/modelWorkStore.ts';
import { objectsStore, selectedObject } from '../work/objectsStore.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { proposalsStore } from '../work/proposalsStore.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { uiStore } from '../page/uiStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { segmenter } from '../workers/workers.ts';

interface PreviewJob {
  readonly frame: number;
  readonly point: VideoPoint;
}

interface PreviewState {
  readonly isOn: boolean;
  /** The mask that a click on the point would get. */
  readonly shown: (PreviewJob & { readonly mask: MaskRle }) | undefined;
}

/** What the pointer would get, before the first click. A way of looking, not work. */
export const previewStore = createStore<PreviewState>(() => ({ isOn: true, shown: undefined }));

/** How far from the previewed point, in video pixels, a click still gets the same mask. */
const SAME_POINT = 2;

let wanted: PreviewJob | undefined;

const pump = new DecodePump<PreviewJob, Segmentation>({
  next: () => (wanted && canPreview(wanted.frame) ? wanted : undefined),
  run: (job) => {
    if (wanted === job) wanted = undefined;
    const { frame, point } = job;
    return segmenter.segment({ frame, prompts: { points: [{ ...point, label: 1 }] } });
  },
  done: (job, { mask }) => {
    if (isOver && canPreview(job.frame)) previewStore.setState({ shown: { ...job, mask } });
  },
  // A preview is no one's work: what fails here is said when the click is made.
  failed: () => previewStore.setState({ shown: undefined }),
  onActive: () => undefined,
});

let isOver = false;

/** The pointer is over a point of the frame. The latest one is decoded; those between are left out. */
export function previewAt(point: VideoPoint): void {
  isOver = true;
  wanted = { frame: playbackStore.getState().frame, point };
  pump.wake();
}

/** The pointer is elsewhere. */
export function endPreview(): void {
  isOver = false;
  wanted = undefined;
  previewStore.setState({ shown: undefined });
}

/** A click is made: its preview stays until its mask is there. */
export function keepPreview(point: VideoPoint): void {
  isOver = false;
  wanted = undefined;
  const { shown } = previewStore.getState();
  if (shown && Math.hypot(shown.point.x - point.x, shown.point.y - point.y) > SAME_POINT) endPreview();
}

/** Switches the preview on or off; one that is shown goes. */
export function togglePreview(): void {
  endPreview();
  previewStore.setState(({ isOn }) => ({ isOn: !isOn }));
}

/** Whether a press adds a point, and a model is there to answer it. Proposals are there to be picked. */
function isForClicks(): boolean {
  const { tool, label } = uiStore.getState();
  return tool === 'click' && label === 1 && proposalsStore.getState().phase === 'off' && isModelReady();
}

/** Only where a click would be an object's first on the frame, and nothing else wants the model. */
function canPreview(frame: number): boolean {
  const object = selectedObject(objectsStore.getState());
  return (
    previewStore.getState().isOn &&
    isForClicks() &&
    modelWorkStore.getState().preparedFrame === frame &&
    playbackStore.getState().shownFrame === frame &&
    mayUseModel('preview') &&
    !object?.prompts.has(frame) &&
    !object?.track.get(frame)
  );
}

/** Decodes previews as they become possible, and takes them away when they are no longer. Returns what ends the watch. */
export function watchPreview(): () => void {
  const check = () => {
    const { shown } = previewStore.getState();
    if (shown === undefined) return;
    const { history } = objectsStore.getState();
    const isAnswered = history.present.objects.some(
      ({ id, track }) => id === objectsStore.getState().selectedId && track.get(shown.frame),
    );
    const isElsewhere = playbackStore.getState().shownFrame !== shown.frame;
    const isTracking = trackingStore.getState().phase === 'running';
    if (isAnswered || isElsewhere || isTracking || !isForClicks())
      previewStore.setState({ shown: undefined });
  };
  const stores = [objectsStore, playbackStore, trackingStore, proposalsStore, uiStore, modelStore];
  const ends = stores.map((store) => store.subscribe(check));
  ends.push(videoStore.subscribe(({ clip }, before) => clip !== before.clip && endPreview()));
  // The pointer may rest on the frame before the frame has been read.
  ends.push(onModelTurn(() => pump.wake()));
  return () => ends.forEach((end) => end());
}
