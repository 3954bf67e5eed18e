import type { FrameRange } from '../../core/frameRanges.ts';
import { withReviewed, type MaskDocument, type MaskObject } from '../../document/document.ts';
import { nextFrame } from '../../document/nextFrame.ts';
import { reviewProgress } from '../../document/reviewed.ts';
import { activeRange, playbackStore } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notify } from '../page/noticesStore.ts';
import { crosshairStore } from '../stage/crosshairStore.ts';
import { describeDoubt, doubtfulStore, doubtsOf, tellJudging } from './doubtful.ts';
import {
  commitDocument,
  currentDocument,
  isShown,
  objectsStore,
  selectedObject,
  selectObject,
} from './objectsStore.ts';
import { seek } from './trackingStore.ts';

/** Notes that the masks on the frame at the playhead are right: the selected object's, or all. Again: they are to be looked at again. */
export function toggleReviewedFrame(): void {
  const { frame } = playbackStore.getState();
  toggleReviewed({ first: frame, last: frame });
}

/** The same for all frames between the marks, or of the clip. */
export function toggleReviewedStretch(): void {
  toggleReviewed(activeRange());
}

function toggleReviewed(range: FrameRange): void {
  const before = currentDocument();
  const objects = meantObjects(before.objects);
  const change = (isRight: boolean) =>
    objects.reduce<MaskDocument>((next, { id }) => withReviewed(next, id, range, isRight), before);
  const marked = change(true);
  const document = marked === before ? change(false) : marked;
  if (document === before) {
    notify('There is nothing to review: no object has a mask there that is up to date.');
    return;
  }
  commitDocument(document, document === marked ? 'looks right' : 'review again');
}

/** The selected object, or all that are shown. */
function meantObjects(objects: readonly MaskObject[]): readonly MaskObject[] {
  const state = objectsStore.getState();
  const selected = selectedObject(state);
  return selected ? [selected] : objects.filter(({ id }) => isShown(state, id));
}

/** How much of the clip was reviewed, as a sentence; nothing where nothing was. */
export function describeReview({ objects }: MaskDocument, frameCount: number): string | undefined {
  const { reviewed, all } = reviewProgress(objects, frameCount);
  if (reviewed === 0) return undefined;
  return reviewed === all ? 'All masks are reviewed.' : `${Math.floor((100 * reviewed) / all)} % reviewed.`;
}

/**
 * Goes to the frame and the object where a click is expected to gain most, says why, and puts the crosshair where to click.
 */
export function seekNextFrame(): void {
  if (videoStore.getState().clip === undefined || tellJudging()) return;
  const state = objectsStore.getState();
  const objects = currentDocument().objects.filter(({ id }) => isShown(state, id));
  const found = nextFrame(objects, doubtsOf(currentDocument().objects));
  if (found === undefined) {
    notify('No frame asks for a click: every mask is prompted, reviewed, or sure.');
    return;
  }
  const { objectId, frame, doubt = 'unsure', followers, point } = found;
  selectObject(objectId);
  seek(frame);
  const follow =
    followers === 0
      ? 'No other frame follows from it.'
      : `${followers} ${followers === 1 ? 'frame follows' : 'frames follow'} from it.`;
  const keys = point?.label === 0 ? 'Alt+Enter takes away at the crosshair.' : 'Enter adds at the crosshair.';
  const why = describeDoubt({ objectId, frame, doubt });
  doubtfulStore.setState({
    at: { objectId, frame, doubt, text: [`${why}.`, follow, point ? keys : ''].join(' ').trim() },
  });
  if (point === undefined) return;
  crosshairStore.getState().focusStage?.();
  crosshairStore.setState({ at: { x: point.x, y: point.y } });
}
