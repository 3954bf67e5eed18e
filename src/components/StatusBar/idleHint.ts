import { coverage, type MaskDocument } from '../../document/document.ts';
import type { History } from '../../document/history.ts';
import type { ModelState } from '../../stores/model/modelStore.ts';
import { describeReview } from '../../stores/work/review.ts';
import { DETAIL_PASS } from '../../stores/work/detailPass.ts';
import { FOLLOW_EVERYTHING } from '../../stores/work/everythingRun.ts';
import type { TrackingState } from '../../stores/work/trackingStore.ts';
import { hasTimeline, type VideoState } from '../../stores/clip/videoStore.ts';
import { formatPace, plural } from '../format.ts';

interface Situation {
  readonly video: VideoState;
  readonly tracking: TrackingState;
  readonly history: History<MaskDocument>;
  readonly model: ModelState;
  readonly frame: number;
  /** Whether the person has a finger and no mouse or keys. */
  readonly isTouch: boolean;
}

/** What steps of the history are called that a run made. */
const RUNS: readonly string[] = ['track', 'check', FOLLOW_EVERYTHING, DETAIL_PASS];

/** What has just been done, or what can be done next, when nothing is going on. */
export function idleHint({ video, tracking, history, model, frame, isTouch }: Situation): string {
  const { clip } = video;
  const { objects } = history.present;
  if (clip === undefined) return 'Open a video or image, or try the sample.';
  if (model.phase === 'failed') return 'Your clicks are kept until the model is loaded.';
  const { label } = history.past.at(-1) ?? {};
  if (label !== undefined && RUNS.includes(label)) {
    const ended = describeRun(tracking, history);
    if (ended !== undefined) return ended;
  }
  if (!objects.some(({ prompts, track }) => prompts.size > 0 || track.size > 0)) {
    return isTouch
      ? 'Tap an object to mask it. The switch sets whether a tap adds or takes away; a drag draws a box.'
      : 'Click an object to mask it. Alt-click or right-click takes away; a drag draws a box.';
  }
  if (!hasTimeline(clip)) return 'Ready. More clicks refine the mask.';
  const { stale, missing } = coverage(history.present, clip.info.frameCount);
  if (stale > 0)
    return `${plural(stale, 'mask')} ${stale === 1 ? 'is' : 'are'} stale since the last change. Track brings them up to date.`;
  if (missing > 0 && objects.some(({ prompts }) => prompts.size > 0)) {
    const here = objects.some(({ prompts }) => prompts.has(frame));
    if (!here) return describeReview(history.present, clip.info.frameCount) ?? 'Ready.';
    return isTouch
      ? 'Track follows it through the clip. More taps refine the mask.'
      : 'Track follows it through the clip. More clicks refine the mask; R offers another one.';
  }
  return describeReview(history.present, clip.info.frameCount) ?? 'Ready.';
}

function describeRun(state: TrackingState, history: Situation['history']): string | undefined {
  if (state.phase === 'idle' || state.phase === 'running') return undefined;
  const { purpose, doneFrames, totalFrames = 0, framesPerSecond, differing } = state;
  if (purpose === 'everything') return describeEverything(state, history);
  if (purpose === 'detail') {
    const finer = `${differing} ${differing === 1 ? 'is' : 'are'} finer now`;
    return state.phase === 'done'
      ? `Decoded ${plural(doneFrames, 'mask')} in detail: ${finer}.`
      : `Stopped after ${doneFrames} of ${plural(totalFrames, 'mask')}: ${finer}.`;
  }
  if (purpose === 'check') {
    const isWhole = state.phase === 'done';
    const checked = isWhole
      ? plural(doneFrames, 'frame')
      : `${doneFrames} of ${plural(totalFrames, 'frame')}`;
    const outcome =
      differing === 0
        ? 'the masks agree.'
        : `${plural(differing, 'mask')} ${differing === 1 ? 'differs' : 'differ'}. Next doubtful frame goes there.`;
    return `Checked ${checked} by tracking back: ${outcome}`;
  }
  if (state.phase === 'cancelled') {
    return `Tracking was stopped after ${doneFrames} of ${plural(totalFrames, 'frame')}. The masks made so far are kept.`;
  }
  if (state.phase === 'paused') {
    return `Tracked ${plural(doneFrames, 'frame')} up to a shot change. Track continues after it.`;
  }
  if (state.phase === 'failed') {
    return `Tracking stopped after ${doneFrames} of ${plural(totalFrames, 'frame')}. The masks made so far are kept.`;
  }
  const pace = framesPerSecond === undefined ? '' : `, ${formatPace(framesPerSecond)}`;
  return `Tracked ${plural(doneFrames, 'frame')}${pace}.`;
}

function describeEverything(
  { phase, doneFrames, totalFrames = 0 }: Exclude<TrackingState, { phase: 'idle' | 'running' }>,
  { past, present }: Situation['history'],
): string {
  const before = new Set(past.at(-1)?.value.objects.map(({ id }) => id));
  const found = present.objects.filter(({ id }) => !before.has(id)).length;
  if (phase !== 'done')
    return `Stopped after ${doneFrames} of ${plural(totalFrames, 'frame')}. ${found === 1 ? 'One thing was' : `${found} things were`} found so far; Track follows what was found.`;
  if (found === 0) return 'Nothing new was seen long and surely enough. Click on a thing to mask it.';
  return `${plural(found, 'thing')} found and followed. Delete what you do not need.`;
}
