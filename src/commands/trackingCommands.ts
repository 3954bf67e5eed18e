import { seekDoubtful } from '../stores/work/doubtful.ts';
import { selectedObject } from '../stores/work/objectsStore.ts';
import { cancelOpening } from '../stores/clip/openClip.ts';
import { clearMarks, playbackStore, setMark } from '../stores/clip/playbackStore.ts';
import { leaveProposals } from '../stores/work/proposals.ts';
import { seekNextFrame, toggleReviewedFrame, toggleReviewedStretch } from '../stores/work/review.ts';
import { startFollowingEverything } from '../stores/work/everythingRun.ts';
import { startDetailPass } from '../stores/work/detailPass.ts';
import { cancelTracking } from '../stores/work/liveRun.ts';
import { startTracking } from '../stores/work/tracking.ts';
import { cancelLoad, restartModel } from '../stores/workers/recovery.ts';
import type { AppState } from './appState.ts';
import type { Command } from './command.ts';
import { canFollowEverything, canTrack, withTimeline } from './conditions.ts';

function canTrackObject(state: AppState): true | string {
  const isPossible = canTrack(state);
  if (isPossible !== true) return isPossible;
  const { size = 0 } = selectedObject(state.objects)?.prompts ?? {};
  return size > 0 || 'This is for a selected object that has been clicked on.';
}

function canCheck(state: AppState): true | string {
  const isPossible = canTrack(state);
  if (isPossible !== true) return isPossible;
  const { tracked = 0, detailed = 0, absent = 0 } = selectedObject(state.objects)?.track.counts ?? {};
  return tracked + detailed + absent > 1 || 'This is for an object that has been tracked.';
}

function canDetail(state: AppState): true | string {
  const isPossible = canTrack(state);
  if (isPossible !== true) return isPossible;
  const { tracked = 0, interpolated = 0 } = selectedObject(state.objects)?.track.counts ?? {};
  return tracked + interpolated > 0 || 'This is for an object that has tracked masks.';
}

function canFindDoubt(state: AppState): true | string {
  const isPossible = withTimeline(state);
  if (isPossible !== true) return isPossible;
  const hasTracked = state.objects.history.present.objects.some(({ track }) => track.size > 1);
  return hasTracked || 'Nothing has been tracked yet.';
}

function canReview(state: AppState): true | string {
  const isPossible = withTimeline(state);
  if (isPossible !== true) return isPossible;
  const hasMasks = state.objects.history.present.objects.some(({ track }) => track.size > 0);
  return hasMasks || 'There are no masks yet.';
}

function canCancel({ tracking, model, proposals, video }: AppState): true | string {
  const isBusy =
    tracking.phase === 'running' ||
    model.phase === 'loading' ||
    model.phase === 'compiling' ||
    proposals.phase !== 'off' ||
    video.phase === 'opening';
  return isBusy || 'Nothing is running.';
}

/** What has to do with following objects through the clip. */
export const TRACKING_COMMANDS = {
  track: {
    label: 'Track',
    group: 'Tracking',
    shortcuts: [{ key: 't' }],
    isEnabled: canTrack,
    run: () => void startTracking('needed'),
  },
  trackFast: {
    label: 'Track fast: the model does some frames, the others are filled in',
    group: 'Tracking',
    shortcuts: [{ key: 't', alt: true }],
    isEnabled: canTrack,
    run: () => void startTracking('needed', { isFast: true }),
  },
  trackObject: {
    label: 'Track only this object',
    group: 'Tracking',
    shortcuts: [{ key: 't', shift: true }],
    isEnabled: canTrackObject,
    run: () => void startTracking('object'),
  },
  trackForward: {
    label: 'Track forward from here',
    group: 'Tracking',
    shortcuts: [{ key: 'f' }],
    isEnabled: canTrack,
    run: () => void startTracking('forward'),
  },
  trackBackward: {
    label: 'Track backward from here',
    group: 'Tracking',
    shortcuts: [{ key: 'f', shift: true }],
    isEnabled: canTrack,
    run: () => void startTracking('backward'),
  },
  trackStep: {
    label: 'Track one frame',
    group: 'Tracking',
    shortcuts: [{ key: 'g' }],
    isEnabled: canTrack,
    run: () => void startTracking('step'),
  },
  trackStepBack: {
    label: 'Track one frame backward',
    group: 'Tracking',
    shortcuts: [{ key: 'g', shift: true }],
    isEnabled: canTrack,
    run: () => void startTracking('stepBack'),
  },
  followEverything: {
    label: 'Find and follow everything',
    group: 'Tracking',
    shortcuts: [{ key: 'n', shift: true }],
    isEnabled: canFollowEverything,
    run: () => void startFollowingEverything(),
  },
  detailPass: {
    label: 'Decode this object’s masks again in detail',
    group: 'Tracking',
    shortcuts: [{ key: 'z', shift: true }],
    isEnabled: canDetail,
    run: () => void startDetailPass(),
  },
  check: {
    label: 'Check by tracking back',
    group: 'Tracking',
    shortcuts: [{ key: 'k' }],
    isEnabled: canCheck,
    run: () => void startTracking('check'),
  },
  cancel: {
    label: 'Stop',
    group: 'Tracking',
    shortcuts: [{ key: 'Escape' }],
    isEnabled: canCancel,
    run: () => {
      cancelTracking();
      void cancelLoad();
      leaveProposals();
      cancelOpening();
    },
  },
  restartModel: {
    label: 'Restart the model',
    group: 'Tracking',
    shortcuts: [{ key: 'r', shift: true }],
    isEnabled: ({ model }) => model.phase !== 'failed' || 'There is no model.',
    run: restartModel,
  },
  nextDoubtful: {
    label: 'Next doubtful frame',
    group: 'Tracking',
    shortcuts: [{ key: 'j' }],
    isEnabled: canFindDoubt,
    run: () => seekDoubtful('next'),
  },
  previousDoubtful: {
    label: 'Previous doubtful frame',
    group: 'Tracking',
    shortcuts: [{ key: 'j', shift: true }],
    isEnabled: canFindDoubt,
    run: () => seekDoubtful('previous'),
  },
  whichFrameNext: {
    label: 'Which frame next: where a click gains most',
    group: 'Tracking',
    shortcuts: [{ key: 'w' }],
    isEnabled: canFindDoubt,
    run: seekNextFrame,
  },
  looksRight: {
    label: 'Looks right, or look again',
    group: 'Tracking',
    shortcuts: [{ key: 'y' }],
    isEnabled: canReview,
    run: toggleReviewedFrame,
  },
  stretchLooksRight: {
    label: 'All between the marks looks right',
    group: 'Tracking',
    shortcuts: [{ key: 'y', shift: true }],
    isEnabled: canReview,
    run: toggleReviewedStretch,
  },
  markIn: {
    label: 'Set the in-mark here',
    group: 'Tracking',
    shortcuts: [{ key: 'i' }],
    isEnabled: withTimeline,
    run: () => setMark('in', playbackStore.getState().frame),
  },
  markOut: {
    label: 'Set the out-mark here',
    group: 'Tracking',
    shortcuts: [{ key: 'o' }],
    isEnabled: withTimeline,
    run: () => setMark('out', playbackStore.getState().frame),
  },
  clearMarks: {
    label: 'Clear the marks',
    group: 'Tracking',
    shortcuts: [{ key: 'i', shift: true }],
    isEnabled: ({ playback }) => playback.range !== undefined || 'No mark is set.',
    run: clearMarks,
  },
} as const satisfies Record<string, Command>;
