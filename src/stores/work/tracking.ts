import { compressed } from '../../core/compressedRle.ts';
import { toMaskletError } from '../../core/errors.ts';
import type { TrackEvent } from '../../core/protocol/segmenter.ts';
import { planCheck } from '../../document/checkPlan.ts';
import type { MaskDocument } from '../../document/document.ts';
import { reviewProgress, withReviewGivenBack } from '../../document/reviewed.ts';
import { beginningOf, runLength } from '../../document/runLength.ts';
import { isRunGone, withTrackedFrame, type TrackRun } from '../../document/trackedFrame.ts';
import { comesToNewShot, planTracking, type TrackPlan, type TrackWay } from '../../document/trackPlan.ts';
import { activeRange, pause, playbackStore, setMarks } from '../clip/playbackStore.ts';
import { videoStore, type Clip } from '../clip/videoStore.ts';
import { dismissNotice, notify, notifyError } from '../page/noticesStore.ts';
import { restarts } from '../workers/restarts.ts';
import { keepRun } from '../project/keptRuns.ts';
import { segmenter } from '../workers/workers.ts';
import { FrameRate } from './frameRate.ts';
import { longRunOf, notePace } from './pace.ts';
import { amendDocuments, commitDocument, currentDocument, objectsStore } from './objectsStore.ts';
import { advanceRun, beginRun, finishRun, trackingStore } from './trackingStore.ts';

/** A run that is going on. */
interface LiveRun {
  readonly run: TrackRun;
  readonly plan: RunPlan;
  readonly controller: AbortController;
  /** Whether it is a step of the document's history, as it is from its first frame on. */
  isInHistory: boolean;
}

interface RunPlan extends TrackPlan {
  /** The shots that it knows of; nothing where it goes over all of them. */
  readonly shots: readonly number[] | undefined;
}

let running: AbortController | undefined;
/** What is to be done once the run that is going on has ended. */
let afterRun: (() => void) | undefined;

/** Follows the objects that need it; `check`: tracks the selected object back, and compares. What is done stays, however it ends. */
export async function startTracking(way: TrackWay | 'check'): Promise<void> {
  const { clip } = videoStore.getState();
  if (clip === undefined || running !== undefined) return;
  const isCheck = way === 'check';
  const plan = planRun(way, clip);
  if (plan.objects.length === 0) {
    notify(
      isCheck
        ? 'There is nothing to check: the selected object has too few tracked frames there, or they are stale or locked.'
        : 'There is nothing to track: the frames there are locked or reviewed, or there are none.',
    );
    return;
  }
  const request = { objects: plan.objects, settings: currentDocument().settings };
  const controller = new AbortController();
  const live = { run: { id: newRunId(), request, isCheck }, plan, controller, isInHistory: false };
  running = controller;
  pause();
  beginRun(isCheck ? 0 : undefined);
  const endNotice = tellLongRun(way, plan);
  if (!isCheck) askAboutReviewed(way, plan);
  const unwatch = objectsStore.subscribe(() => {
    if (isRunGone(currentDocument(), live.run, live.isInHistory)) controller.abort();
  });
  try {
    finishRun(await follow(live));
  } catch (thrown) {
    finishRun(toMaskletError(thrown).code === 'aborted' ? 'cancelled' : 'failed');
    notifyError(thrown);
  } finally {
    unwatch();
    endNotice();
    if (live.isInHistory && !isCheck) void keepRun(plan.objects.map(({ objectId }) => objectId));
    running = undefined;
    if (videoStore.getState().clip !== clip) trackingStore.setState({ phase: 'idle' }, true);
  }
  const next = afterRun;
  afterRun = undefined;
  next?.();
}

/** A number that no run has which the document's past or future contains. */
function newRunId(): number {
  const { past, present, future } = objectsStore.getState().history;
  const values = [...past, ...future].map(({ value }) => value);
  return 1 + Math.max(...[present, ...values].map(({ trackRun }) => trackRun));
}

/**
 * Says how long a run will take that takes over five minutes, and offers a part of it instead. The run begins meanwhile: nobody has to
 * answer. Returns what takes the notice off the page.
 */
function tellLongRun(way: TrackWay | 'check', { objects }: RunPlan): () => void {
  const long = longRunOf(runLength(objects));
  const part = long && beginningOf(objects, long.framesInTime);
  if (long === undefined || part === undefined) return () => undefined;
  const { first, last } = part;
  const id = notify(
    `At this computer’s pace, ${long.frames} frames take about ${told(long.seconds)}. You can stop at any time and keep the masks.`,
    {
      label: `Track frames ${first} to ${last} only (5 min)`,
      run: () => {
        afterRun = () => {
          setMarks(part);
          void startTracking(way);
        };
        cancelTracking();
      },
    },
  );
  return () => dismissNotice(id);
}

const told = (seconds: number) =>
  seconds < 2 * 3600 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;

/** Says that masks which were found right stay as they are, and offers to track them too, also once the run has ended. */
function askAboutReviewed(way: TrackWay, plan: RunPlan): void {
  const range = activeRange();
  const followed = new Set(plan.objects.map(({ objectId }) => objectId));
  const givenBack = (document: MaskDocument) => ({
    ...document,
    objects: document.objects.map((object) =>
      followed.has(object.id) ? withReviewGivenBack(object, range) : object,
    ),
  });
  const before = currentDocument();
  const count = ({ objects }: MaskDocument) => reviewProgress(objects, 0).reviewed;
  const kept = count(before) - count(givenBack(before));
  if (kept === 0) return;
  const trackThem = () => {
    commitDocument(givenBack(currentDocument()), 'review again');
    void startTracking(way);
  };
  notify(kept === 1 ? 'One reviewed mask stays as it is.' : `${kept} reviewed masks stay as they are.`, {
    label: 'Track them too',
    run: () => {
      if (running === undefined) return trackThem();
      afterRun = trackThem;
      cancelTracking();
    },
  });
}

/** Ends the run that is going on. The masks that it made stay. */
export function cancelTracking(): void {
  running?.abort();
}

/** What is to be done, as the document and the page are now. */
function planRun(way: TrackWay | 'check', { info }: Clip): RunPlan {
  const { objects, pausesAtShots } = currentDocument();
  const shots = pausesAtShots ? videoStore.getState().shots : [];
  const scope = {
    frameCount: info.frameCount,
    range: activeRange(),
    playhead: playbackStore.getState().frame,
    selectedId: objectsStore.getState().selectedId,
    shots,
  };
  if (way === 'check') return { ...planCheck(objects, scope), shots: undefined };
  return { ...planTracking(objects, way, scope), shots: pausesAtShots ? shots : undefined };
}

/** Puts in frame after frame. Gives how the run ended: also where a shot begins that was found meanwhile, it pauses. */
async function follow(live: LiveRun): Promise<'done' | 'paused' | 'cancelled'> {
  const { run, plan, controller } = live;
  const rate = new FrameRate();
  rate.add(performance.now());
  let before: number | undefined;
  for await (const event of segmenter.track(run.request, controller.signal)) {
    if (controller.signal.aborted) break;
    restarts.segmenter.succeeded();
    putIn(live, event);
    rate.add(performance.now());
    advanceRun(event, rate);
    if (rate.framesPerSecond !== undefined) notePace(1 / rate.framesPerSecond);
    if (plan.shots && comesToNewShot(before, event.frame, videoStore.getState().shots, plan.shots))
      return 'paused';
    before = event.frame;
  }
  if (controller.signal.aborted) return 'cancelled';
  return plan.isCut ? 'paused' : 'done';
}

/** Puts a frame's masks into the document. With the first one the run becomes a step of the history. */
function putIn(live: LiveRun, event: TrackEvent): void {
  const { run } = live;
  if (!live.isInHistory)
    commitDocument({ ...currentDocument(), trackRun: run.id }, run.isCheck ? 'check' : 'track');
  live.isInHistory = true;
  const objects = event.objects.map((object) => ({ ...object, mask: compressed(object.mask) }));
  amendDocuments((document) => withTrackedFrame(document, run, { ...event, objects }));
}
