import { nearestDoubtful, type Doubted, type Doubts } from '../../core/doubt.ts';
import { DoubtIndex } from '../../core/doubtIndex.ts';
import { notify } from '../page/noticesStore.ts';
import { currentDocument, isShown, objectsStore, selectObject } from './objectsStore.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { seek } from './trackingStore.ts';
import { videoStore } from '../clip/videoStore.ts';

const index = new DoubtIndex();

/** The doubtful frames of the objects of a document, by id. Costs what has changed since it was last asked. */
export function doubtsOf(objects: readonly Doubted[]): ReadonlyMap<number, Doubts> {
  return index.of(objects);
}

/** Goes to the nearest frame on which the mask of an object that is shown may be wrong, and selects the object. */
export function seekDoubtful(direction: 'next' | 'previous'): void {
  const { clip } = videoStore.getState();
  if (clip === undefined) return;
  const state = objectsStore.getState();
  const shown = Array.from(doubtsOf(currentDocument().objects)).filter(([id]) => isShown(state, id));
  const { frame } = playbackStore.getState();
  const found = nearestDoubtful(new Map(shown), frame, clip.info.frameCount, direction);
  if (found === undefined) {
    notify('No frame is doubtful.');
    return;
  }
  selectObject(found.objectId);
  seek(found.frame);
}
