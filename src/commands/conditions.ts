import { hasTimeline } from '../stores/clip/videoStore.ts';
import type { AppState } from './appState.ts';

export const always = (): true => true;

export const withClip = ({ video }: AppState) => video.clip !== undefined || 'Open a video or image first.';

export const withTimeline = (state: AppState) => {
  const open = withClip(state);
  return open === true && !hasTimeline(state.video.clip) ? 'There is one frame only.' : open;
};

export function canFindEverything(state: AppState): true | string {
  const open = withClip(state);
  if (open !== true) return open;
  if (state.tracking.phase === 'running') return 'Tracking is running.';
  if (state.proposals.phase === 'finding') return 'It is being done.';
  return canModelWork(state);
}

export function canModelWork({ model, video }: AppState): true | string {
  if (model.phase !== 'ready') return 'The model is not loaded yet.';
  return video.modelClip === 'ready' || 'The model is still opening the clip.';
}

export function canTrack(state: AppState): true | string {
  const { video, objects, tracking } = state;
  const open = withClip(state);
  if (open !== true) return open;
  if (video.clip?.info.kind === 'image') return 'An image has nothing to track.';
  if (!hasTimeline(video.clip)) return 'The clip has one frame only: there is nothing to track.';
  if (tracking.phase === 'running') return 'Tracking is running.';
  if (!objects.history.present.objects.some(({ prompts }) => prompts.size > 0)) {
    return 'Click on a thing in the frame first.';
  }
  return canModelWork(state);
}
