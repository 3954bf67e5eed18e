import { compressed } from '../../core/compressedRle.ts';
import type { TrackEvent } from '../../core/protocol/segmenter.ts';
import { planCheck } from '../../document/checkPlan.ts';
import type { MaskDocument } from '../../document/document.ts';
import { reviewProgress, withReviewGivenBack } from '../../document/reviewed.ts';
import { beginningOf, runLength } from '../../document/runLength.ts';
import { isRunGone, withTrackedFrame, type TrackRun } from '../../document/trackedFrame.ts';
import { comesToNewShot, planTracking, type TrackPlan, type TrackWay } from '../../document/trackPlan.ts';
import { activeRange, clearMarks, playbackStore } from '../clip/playbackStore.ts';
import { videoStore, type Clip } from '../clip/videoStore.ts';
import { notify } from '../page/noticesStore.ts';
import { restarts } from '../workers/restarts.ts';
import { segmenter } from '../workers/workers.ts';
import { FrameRate } from './frameRate.ts';
import { doRun, insteadOfRun, isRunning, type LiveRun } from './liveRun.ts';
import { tellLongRun } from './longRunNotice.ts';
import { commitDocument, currentDocument, objectsStore } from './objectsStore.ts';
import { notePace } from './pace.ts';
import { advanceRun } from './trackingStore.ts';

/** Says that there is nothing to do, and what keeps a run from the rest of the clip. */
function tellNothing(isCheck: boolean): void {
  const { range } = playbackStore.getState();
  const where = range === undefined ? 'there' : 'between the marks';
  notify(
    isCheck
      ? `There is nothing to check: the selected object has too few tracked frames ${where}, or they are stale or locked.`
      : `There is nothing to track: the frames ${where} are locked or reviewed, or there are none.`,
    range && { label: 'Clear the marks', run: clearMarks },
  );
}

interface RunPlan extends TrackPlan {
  /** The shots that it knows of; nothing where it goes over all of them. */
  readonly shots: readonly number[] | undefined;
}

/**
 * Follows the objects that need it; `check`: tracks the selected object back, and compares. What is done stays, however it ends.
 *
 * @param how.isFast whether the model does some frames only, and the masks between them are filled in
 */
export async function startTracking(way: TrackWay | 'check', how: { isFast?: boolean } = {}): Promise<void> {
  const { clip } = videoStore.getState();
  if (clip === undefined || isRunning()) return;
  const isCheck = way === 'check';
  const plan = planRun(way, clip, how);
  if (plan.objects.length === 0) {
    tellNothing(isCheck);
    return;
  }
  const request = { objects: plan.objects, settings: { ...currentDocument().settings, ...how } };
  const runOf = ({ id }: LiveRun): TrackRun => ({ id, request, isCheck });
  const purpose = isCheck ? 'check' : 'track';
  const kind = {
    ...({ purpose, label: purpose } as const),
    isGone: (document: MaskDocument, live: LiveRun) => isRunGone(document, runOf(live), live.isInHistory),
    // A check makes no masks.
    made: () => (isCheck ? [] : plan.objects.map(({ objectId }) => objectId)),
  };
  await doRun(kind, async (live) => {
    const again = () => void startTracking(way, how);
    const endNotice = tellLongRun(
      runLength(plan.objects),
      (frames) => beginningOf(plan.objects, frames),
      again,
    );
    if (!isCheck) askAboutReviewed(plan, again);
    try {
      return await follow(live, runOf(live), plan);
    } finally {
      endNotice();
    }
  });
}

/** Says that masks which were found right stay as they are, and offers to track them too, also once the run has ended. */
function askAboutReviewed(plan: RunPlan, again: () => void): void {
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
    again();
  };
  notify(kept === 1 ? 'One reviewed mask stays as it is.' : `${kept} reviewed masks stay as they are.`, {
    label: 'Track them too',
    run: () => insteadOfRun(trackThem),
  });
}

/** What is to be done, as the document and the page are now. */
function planRun(way: TrackWay | 'check', { info }: Clip, how: { isFast?: boolean }): RunPlan {
  const { objects, pausesAtShots } = currentDocument();
  const shots = pausesAtShots ? videoStore.getState().shots : [];
  const scope = {
    frameCount: info.frameCount,
    range: activeRange(),
    playhead: playbackStore.getState().frame,
    selectedId: objectsStore.getState().selectedId,
    ...{ shots, ...how },
  };
  if (way === 'check') return { ...planCheck(objects, scope), shots: undefined };
  return { ...planTracking(objects, way, scope), shots: pausesAtShots ? shots : undefined };
}

/** Puts in frame after frame. Gives how the run ended: also where a shot begins that was found meanwhile, it pauses. */
async function follow(live: LiveRun, run: TrackRun, plan: RunPlan): Promise<'done' | 'paused' | 'cancelled'> {
  const rate = new FrameRate();
  rate.add(performance.now());
  let before: number | undefined;
  for await (const event of segmenter.track(run.request, live.signal)) {
    if (live.signal.aborted) break;
    restarts.segmenter.succeeded();
    const compact = withCompressedMasks(event);
    live.put((document) => withTrackedFrame(document, run, compact));
    rate.add(performance.now());
    advanceRun(event, rate);
    if (rate.framesPerSecond !== undefined && !run.request.settings.isFast)
      notePace(1 / rate.framesPerSecond);
    if (plan.shots && comesToNewShot(before, event.frame, videoStore.getState().shots, plan.shots))
      return 'paused';
    before = event.frame;
  }
  if (live.signal.aborted) return 'cancelled';
  return plan.isCut ? 'paused' : 'done';
}

/** A frame whose masks take little of the page's memory. */
export function withCompressedMasks(event: TrackEvent): TrackEvent {
  return { ...event, objects: event.objects.map((object) => ({ ...object, mask: compressed(object.mask) })) };
}
