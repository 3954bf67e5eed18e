import { MAX_OBJECTS } from '../document/document.ts';
import { hasTimeline } from '../stores/clip/videoStore.ts';
import { TOO_MANY_OBJECTS } from '../stores/work/objectsStore.ts';
import type { AppState } from './appState.ts';

export const always = (): true => true;

export const withClip = ({ video }: AppState) => video.clip !== undefined || 'Open a video or image first.';

export const withTimeline = (state: AppState) => {
  const open = withClip(state);
  return open === true && !hasTimeline(state.video.clip) ? 'There is only one frame.' : open;
};

export function canFindEverything(state: AppState): true | string {
  const open = withClip(state);
  if (open !== true) return open;
  if (state.tracking.phase === 'running') return 'Tracking is running.';
  if (state.proposals.phase === 'finding') return 'It is already running.';
  return canModelWork(state);
}

export function canModelWork({ model, video }: AppState): true | string {
  if (video.clip?.file === undefined) return 'The video is not there: choose it first.';
  if (model.phase !== 'ready') return 'The model is not loaded yet.';
  return video.modelClip === 'ready' || 'The model is still opening the clip.';
}

export function canTrack(state: AppState): true | string {
  const isPossible = canRun(state);
  if (isPossible !== true) return isPossible;
  if (!state.objects.history.present.objects.some(({ prompts }) => prompts.size > 0)) {
    return 'Click an object in the frame first.';
  }
  return canModelWork(state);
}

export function canFollowEverything(state: AppState): true | string {
  const isPossible = canRun(state);
  if (isPossible !== true) return isPossible;
  if (state.objects.history.present.objects.length >= MAX_OBJECTS) return TOO_MANY_OBJECTS;
  return canModelWork(state);
}

/** Whether masks can be made through the clip at all. */
function canRun(state: AppState): true | string {
  const { video, objects, tracking } = state;
  const open = withClip(state);
  if (open !== true) return open;
  if (video.clip?.info.kind === 'image') return 'An image has nothing to track.';
  if (!hasTimeline(video.clip)) return 'The clip has only one frame: there is nothing to track.';
  if (objects.readOnly !== undefined) return objects.readOnly;
  return tracking.phase !== 'running' || 'Tracking is running.';
}
