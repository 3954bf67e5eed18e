import { hasShape, isPlain, isSoft } from '../../core/edges/edgeSettings.ts';
import { toMaskletError } from '../../core/errors.ts';
import { isColored } from '../../core/looks.ts';
import { prepareFrames } from '../clip/frames.ts';
import { playbackStore, shownFor } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notifyError } from '../page/noticesStore.ts';
import { brushStore } from '../work/brushStore.ts';
import { edgeStore } from '../work/edgeStore.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { player } from '../workers/workers.ts';
import { shownMasks } from './drawnMasks.ts';
import { edgedMasks, forgetEdged, keepEdged, type MaskWithEdge } from './edgedMasks.ts';
import { EdgePace } from './edgePace.ts';
import { checkGpuEdges, gpuEdgesStore, gpuMakesEdges } from './gpuEdges.ts';
import { lookStore } from './lookStore.ts';
import { stageStore } from './stageStore.ts';

const pace = new EdgePace();
let isWorking = false;

/**
 * Has the edges of masks made by a worker. Of the frame that is shown, one frame at a time and the latest next. While a clip plays, of each frame
 * before it is shown, as far as that keeps up: a frame with its edges would come among others without. What the stage's GPU makes is left to that.
 */
export function watchEdges(): () => void {
  const stores = [objectsStore, brushStore, edgeStore, playbackStore];
  const ends = stores.map((store) => store.subscribe(() => void update()));
  ends.push(
    playbackStore.subscribe(({ playing }, before) => {
      if (playing && !before.playing) pace.begin();
    }),
    prepareFrames(prepare),
    ...[gpuEdgesStore, stageStore].map((store) =>
      store.subscribe(() => {
        // Others make the soft edges from here on.
        forgetEdged();
        void update();
      }),
    ),
  );
  return () => ends.forEach((end) => end());
}

async function update(): Promise<void> {
  if (isWorking) return;
  const { shownFrame, playing } = playbackStore.getState();
  if (shownFrame === undefined || playing) return;
  const of = wantedOn(shownFrame);
  if (of.some(({ edge }) => !isPlain(edge))) void checkGpuEdges();
  if (!needsWorker(of, true)) {
    forgetEdged();
    return;
  }
  if (edgedMasks(shownFrame, of)) return;
  isWorking = true;
  const isMade = await make(shownFrame, of);
  isWorking = false;
  if (isMade) void update();
}

/** Makes the edges of a frame that is to be shown while the clip plays. */
async function prepare(frame: number): Promise<void> {
  if (!playbackStore.getState().playing) return;
  const of = wantedOn(frame);
  const showsSoft = !isColored(lookStore.getState().look);
  if (!needsWorker(of, showsSoft)) return;
  if (pace.keepsUp(shownFor(frame))) await make(frame, of);
}

/** Whether the player's worker has to make edges of a frame. @param showsSoft whether soft ones show */
function needsWorker(of: readonly MaskWithEdge[], showsSoft: boolean): boolean {
  return !isGpuAtWork() && of.some(({ edge }) => hasShape(edge) || (showsSoft && isSoft(edge)));
}

/** Whether the stage makes edges while it draws. */
function isGpuAtWork(): boolean {
  const size = videoStore.getState().clip?.info;
  return size !== undefined && gpuMakesEdges(size);
}

function wantedOn(frame: number): MaskWithEdge[] {
  return shownMasks(frame).map(({ entry, edge, neighbours }) => ({ entry, edge, neighbours }));
}

/** Returns whether it could. */
async function make(frame: number, of: readonly MaskWithEdge[]): Promise<boolean> {
  const begun = performance.now();
  try {
    const masks = of.map(({ entry, edge, neighbours }) => ({ mask: entry.mask, edge, neighbours }));
    const made = await player.edges(
      frame,
      masks,
      of.some(({ edge }) => isSoft(edge)),
    );
    pace.record(performance.now() - begun);
    keepEdged({ frame, of, ...made }, playbackStore.getState().shownFrame);
    return true;
  } catch (thrown) {
    // Another clip was opened, or the worker is started again: the masks are shown as they are.
    const { code } = toMaskletError(thrown);
    if (code !== 'worker-crashed' && code !== 'superseded' && code !== 'not-ready') notifyError(thrown);
    return false;
  }
}
