import { createStore } from 'zustand/vanilla';
import {
  doubtfulFrames,
  hiddenBehind,
  lostStretch,
  nearestDoubtful,
  type Doubt,
  type Doubted,
  type DoubtfulFrame,
  type Doubts,
} from '../../core/doubt.ts';
import type { ClipInfo } from '../../core/clip.ts';
import { DoubtIndex } from '../../core/doubtIndex.ts';
import { FrameMap } from '../../core/frameMap.ts';
import type { DoubtRow } from '../../core/protocol/project.ts';
import { findObject } from '../../document/document.ts';
import { isReviewed } from '../../document/reviewed.ts';
import { notify } from '../page/noticesStore.ts';
import { currentDocument, isShown, objectsStore, selectObject } from './objectsStore.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { seek } from './trackingStore.ts';
import { videoStore } from '../clip/videoStore.ts';

const index = new DoubtIndex();

export const doubtfulStore = createStore<{
  /** The doubtful frame that was gone to last, and what is said of it. */
  readonly at: (DoubtfulFrame & { readonly text: string }) | undefined;
  /** How much of the judging of all masks is done, from 0 to 1, while that goes on. */
  readonly judged: number | undefined;
}>(() => ({ at: undefined, judged: undefined }));

/** Masks that are judged at once, without a person noticing. */
const FEW_MASKS = 2000;
/** How long judging keeps the page waiting, and how often it is told how far it is, in milliseconds. */
const SLICE = 10;
const TELLING = 500;

/** The clip whose masks are being judged. */
let judging: ClipInfo | undefined;

/** Whether all masks of the clip are still being judged: none of its doubts is known until then. */
export function isJudging(): boolean {
  return judging !== undefined && judging === videoStore.getState().clip?.info;
}

/**
 * The doubtful frames of the objects of a document, by id; none while all masks are being judged. Costs what has changed since it was last
 * asked.
 */
export function doubtsOf(objects: readonly Doubted[]): ReadonlyMap<number, Doubts> {
  return isJudging() ? new Map() : index.of(objects);
}

/**
 * Judges all masks of the clip's objects, whose doubts nobody has saved. That takes a minute of a processor for half a million, so it is
 * done in slices, between which the page goes on.
 */
export async function judgeAll(info: ClipInfo, objects: readonly Doubted[]): Promise<void> {
  const masks = objects.reduce((sum, { track }) => sum + track.size, 0);
  if (masks <= FEW_MASKS) return;
  judging = info;
  const fresh = new DoubtIndex();
  const steps = fresh.judge(objects);
  let told = -Infinity;
  for (;;) {
    const start = performance.now();
    let step = steps.next();
    while (!step.done && performance.now() - start < SLICE) step = steps.next();
    if (step.done) break;
    if (start - told > TELLING) {
      told = start;
      doubtfulStore.setState({ judged: step.value });
    }
    await new Promise((resolve) => setTimeout(resolve));
    if (judging !== info) return;
    if (!isJudging()) {
      // The clip was closed.
      judging = undefined;
      doubtfulStore.setState({ judged: undefined });
      return;
    }
  }
  index.takeUp(objects, fresh.of(objects));
  judging = undefined;
  doubtfulStore.setState({ judged: undefined });
}

/** Takes up the doubts that were saved with these objects: to judge all masks of a long clip takes a while. */
export function takeUpDoubts(objects: readonly Doubted[], rows: readonly DoubtRow[]): void {
  const byObject = new Map(objects.map(({ id }) => [id, [] as [number, Doubt][]]));
  for (const { object, frame, doubt } of rows) byObject.get(object)?.push([frame, doubt]);
  index.takeUp(
    objects,
    new Map(Array.from(byObject, ([id, doubts]) => [id, new FrameMap<Doubt>().with(doubts)])),
  );
}

/**
 * Goes to the nearest frame on which the mask of an object that is shown may be wrong, selects the object, and says why. A stretch of
 * frames with one doubt counts as one place.
 */
export function seekDoubtful(direction: 'next' | 'previous'): void {
  const { clip } = videoStore.getState();
  if (clip === undefined || tellJudging()) return;
  const state = objectsStore.getState();
  const document = currentDocument();
  const shown = Array.from(doubtsOf(document.objects)).filter(([id]) => isShown(state, id));
  const { frame } = playbackStore.getState();
  const all = doubtfulFrames(new Map(shown), (id, at) => {
    const object = findObject(document, id);
    return object !== undefined && isReviewed(object, at);
  });
  const found = nearestDoubtful(all, frame, clip.info.frameCount, direction);
  if (found === undefined) {
    notify('No frame is doubtful.');
    return;
  }
  const place =
    all.length === 1
      ? 'the only doubtful place'
      : `doubtful place ${all.indexOf(found) + 1} of ${all.length}`;
  selectObject(found.objectId);
  seek(found.frame);
  doubtfulStore.setState({ at: { ...found, text: `${describeDoubt(found)} (${place}).` } });
}

/** Says that the doubtful frames are not known yet, while that is so. */
export function tellJudging(): boolean {
  if (isJudging()) notify('The masks are still being judged: the status line says how far that is.');
  return isJudging();
}

/** What is said of the doubt that was gone to, while the playhead and the selection stay there; nothing else. */
export function doubtShown(
  at: ReturnType<typeof doubtfulStore.getState>['at'],
  frame: number,
  selectedId: number | undefined,
): string | undefined {
  return at?.frame === frame && at.objectId === selectedId ? at.text : undefined;
}

const REASONS: Record<Exclude<Doubt, 'lost'>, (name: string) => string> = {
  unsure: (name) => `${name}: the model is unsure of this mask`,
  jump: (name) => `${name} changes its size or its place all at once here`,
  disagrees: (name) => `${name}: two runs found different masks here`,
  overlaps: (name) => `${name} overlaps another object here`,
};

/** What speaks against an object's mask on a frame, as the beginning of a sentence. */
export function describeDoubt({ objectId, frame, doubt }: DoubtfulFrame): string {
  const document = currentDocument();
  const object = findObject(document, objectId);
  if (object === undefined) return '';
  if (doubt !== 'lost') return REASONS[doubt](object.name);
  const { first, last } = lostStretch(object.track, frame);
  const front = findObject(document, hiddenBehind(object, frame, document.objects));
  const gone = front ? `${object.name} is lost behind ${front.name}` : `${object.name} is lost`;
  return first === last
    ? `${gone} on frame ${frame}`
    : `${gone} on ${last - first + 1} frames, ${first} to ${last}`;
}
