import type { FrameStatus } from '../core/frameMask.ts';
import { addCensus, EMPTY_CENSUS, type Census } from '../core/census.ts';
import type { ModelInfo } from '../core/protocol/model.ts';
import { toCocoRle, type CocoRle } from '../core/cocoRle.ts';
import { findObject } from '../document/document.ts';
import { exportStore } from '../stores/work/exportStore.ts';
import { modelStore } from '../stores/model/modelStore.ts';
import { isModelReady, modelWorkStore } from '../stores/model/modelWorkStore.ts';
import { currentDocument } from '../stores/work/objectsStore.ts';
import { promptsToDecode } from '../stores/work/pendingPrompts.ts';
import { readingsStore } from '../stores/work/readings.ts';
import { proposalsStore } from '../stores/work/proposalsStore.ts';
import { isSettled, playbackStore } from '../stores/clip/playbackStore.ts';
import { projectStore, type SaveState } from '../stores/project/projectStore.ts';
import { stageStore, type StageState } from '../stores/stage/stageStore.ts';
import { trackingStore } from '../stores/work/trackingStore.ts';
import { videoStore } from '../stores/clip/videoStore.ts';
import { player, segmenter, stage } from '../stores/workers/workers.ts';

/**
 * What the page as a whole is doing; the first that applies.
 * - `empty`: nothing is open
 * - `opening`: a file is being opened
 * - `exporting`, `tracking`: as they say
 * - `failed`: there is no model: it failed to load, or its load was cancelled
 * - `no-video`: a project is open whose video is not at hand
 * - `loading-model`: the model, or the clip in its worker, is not there yet; prompts wait
 * - `finding`: all things on a frame are being looked for
 * - `segmenting`: a mask, or what else a click may mean, is being decoded from prompts
 * - `playing`: the clip plays
 * - `seeking`: the frame at the playhead is not on the stage yet
 * - `preparing`: the frame at the playhead is being read for the model
 * - `ready`: nothing is going on, and a click is answered at once
 */
export type DebugPhase =
  | 'empty'
  | 'opening'
  | 'exporting'
  | 'tracking'
  | 'failed'
  | 'no-video'
  | 'loading-model'
  | 'finding'
  | 'segmenting'
  | 'playing'
  | 'seeking'
  | 'preparing'
  | 'ready';

interface DebugState {
  readonly phase: DebugPhase;
  /** Where the playhead is; 0 if nothing is open. */
  readonly frame: number;
  readonly frameCount: number;
  /** What is saved of the work; `id` is `null` where there is no project. */
  readonly project: {
    readonly id: string | null;
    readonly name: string;
    readonly saved: SaveState;
    readonly persistent: boolean;
  };
  readonly objects: readonly {
    readonly id: number;
    readonly name: string;
    readonly frames: Readonly<Record<number, { readonly status: FrameStatus; readonly score: number }>>;
  }[];
}

/** A read-only view of the page for checks from outside, `window.masklet`. */
export interface DebugView {
  state(): DebugState;
  /** The mask of an object on a frame, in the video's pixels; `null` where there is none. */
  mask(objectId: number, frame: number): CocoRle | null;
  /** The model that is loaded, and where it runs; `null` while there is none. */
  model(): ModelInfo | null;
  /** What draws the stage. */
  renderer(): StageState['renderer'];
  /** Live memory and work of all workers together. */
  census(): Promise<Census>;
}

declare global {
  interface Window {
    masklet: DebugView;
  }
}

function phase(): DebugPhase {
  const { phase: video, clip } = videoStore.getState();
  if (video === 'opening') return 'opening';
  if (clip === undefined) return 'empty';
  if (exportStore.getState().phase === 'running') return 'exporting';
  if (trackingStore.getState().phase === 'running') return 'tracking';
  if (clip.file === undefined) return 'no-video';
  const model = modelStore.getState().phase;
  if (model === 'failed' || model === 'cancelled') return 'failed';
  if (!isModelReady()) return 'loading-model';
  if (proposalsStore.getState().phase === 'finding') return 'finding';
  const { decoding, preparing, preparedFrame } = modelWorkStore.getState();
  const isReading = readingsStore.getState().found?.isComplete === false;
  if (decoding !== undefined || promptsToDecode().length > 0 || isReading) return 'segmenting';
  const playback = playbackStore.getState();
  if (playback.playing) return 'playing';
  if (!isSettled(playback)) return 'seeking';
  return preparing !== undefined || preparedFrame !== playback.frame ? 'preparing' : 'ready';
}

function projectState(): DebugState['project'] {
  const { id = null, name, saved, persistent } = projectStore.getState();
  return { id, name, saved, persistent };
}

/** Puts the debug view on the window. */
export function installDebugView(): void {
  window.masklet = {
    state: () => ({
      phase: phase(),
      frame: playbackStore.getState().frame,
      frameCount: videoStore.getState().clip?.info.frameCount ?? 0,
      project: projectState(),
      objects: currentDocument().objects.map(({ id, name, track }) => ({
        id,
        name,
        frames: Object.fromEntries(
          Array.from(track, ([frame, { status, score }]) => [frame, { status, score }]),
        ),
      })),
    }),
    mask: (objectId, frame) => {
      const entry = findObject(currentDocument(), objectId)?.track.get(frame);
      return entry ? toCocoRle(entry.mask) : null;
    },
    model: () => {
      const model = modelStore.getState();
      return model.phase === 'ready' ? model.model : null;
    },
    renderer: () => stageStore.getState().renderer,
    census: async () => {
      const drawers = stageStore.getState().renderer === 'gpu' ? [stage.census()] : [];
      const all = await Promise.all([segmenter.census(), player.census(), ...drawers]);
      return all.reduce(addCensus, EMPTY_CENSUS);
    },
  };
}
