import { nextDoubtful } from '../core/doubt.ts';
import { notify } from './noticesStore.ts';
import { currentDocument, isShown, objectsStore, selectObject } from './objectsStore.ts';
import { playbackStore } from './playbackStore.ts';
import { seek } from './trackingStore.ts';
import { videoStore } from './videoStore.ts';

/** Goes to the next frame on which the mask of an object that is shown may be wrong, and selects the object. */
export function seekDoubtful(): void {
  const { clip } = videoStore.getState();
  if (clip === undefined) return;
  const state = objectsStore.getState();
  const objects = currentDocument().objects.filter(({ id }) => isShown(state, id));
  const found = nextDoubtful(objects, playbackStore.getState().frame, clip.info.frameCount);
  if (found === undefined) {
    notify('No frame is doubtful.');
    return;
  }
  selectObject(found.objectId);
  seek(found.frame);
}
