import { crosshairStore, type CrosshairState } from '../stores/stage/crosshairStore.ts';
import { exportStore, type ExportState } from '../stores/work/exportStore.ts';
import { modelStore, type ModelState } from '../stores/model/modelStore.ts';
import { objectsStore, type ObjectsState } from '../stores/work/objectsStore.ts';
import { playbackStore, type PlaybackState } from '../stores/clip/playbackStore.ts';
import { elsewhereStore } from '../stores/project/elsewhereStore.ts';
import { projectStore, type ProjectState } from '../stores/project/projectStore.ts';
import { proposalsStore, type ProposalsState } from '../stores/work/proposalsStore.ts';
import { soundStore, type SoundState } from '../stores/clip/sound.ts';
import { timelineStore, type TimelineState } from '../stores/clip/timelineStore.ts';
import { trackingStore, type TrackingState } from '../stores/work/trackingStore.ts';
import { uiStore } from '../stores/page/uiStore.ts';
import { videoStore, type VideoState } from '../stores/clip/videoStore.ts';
import { viewStore, type ViewState } from '../stores/stage/viewStore.ts';

/** Everything that decides which commands are possible. */
export interface AppState {
  readonly video: VideoState;
  readonly objects: ObjectsState;
  readonly playback: PlaybackState;
  readonly tracking: TrackingState;
  readonly model: ModelState;
  readonly exporting: ExportState;
  readonly proposals: ProposalsState;
  readonly view: ViewState;
  readonly crosshair: CrosshairState;
  readonly project: ProjectState;
  readonly elsewhere: ReturnType<typeof elsewhereStore.getState>;
  readonly timeline: TimelineState;
  readonly sound: SoundState;
}

export function readAppState(): AppState {
  return {
    video: videoStore.getState(),
    objects: objectsStore.getState(),
    playback: playbackStore.getState(),
    tracking: trackingStore.getState(),
    model: modelStore.getState(),
    exporting: exportStore.getState(),
    proposals: proposalsStore.getState(),
    view: viewStore.getState(),
    crosshair: crosshairStore.getState(),
    project: projectStore.getState(),
    elsewhere: elsewhereStore.getState(),
    timeline: timelineStore.getState(),
    sound: soundStore.getState(),
  };
}

const STORES = [
  videoStore,
  objectsStore,
  playbackStore,
  trackingStore,
  modelStore,
  exportStore,
  proposalsStore,
  viewStore,
  crosshairStore,
  projectStore,
  elsewhereStore,
  timelineStore,
  soundStore,
  uiStore,
];

/** Calls `listener` after any change. Returns what ends that. */
export function subscribeToApp(listener: () => void): () => void {
  const ends = STORES.map((store) => store.subscribe(listener));
  return () => ends.forEach((end) => end());
}
