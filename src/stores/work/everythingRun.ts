import { compressed } from '../../core/compressedRle.ts';
import type { FrameRange } from '../../core/frameRanges.ts';
import type { Proposal } from '../../core/protocol/segmenter.ts';
import {
  followEverything,
  LOOK_EVERY,
  type EverythingModel,
  type Workplace,
} from '../../document/everything/followEverything.ts';
import { MAX_OBJECTS, type MaskDocument } from '../../document/document.ts';
import { activeRange } from '../clip/playbackStore.ts';
import { whenScanned } from '../clip/scan.ts';
import { hasTimeline, videoStore } from '../clip/videoStore.ts';
import { notify } from '../page/noticesStore.ts';
import { restarts } from '../workers/restarts.ts';
import { segmenter } from '../workers/workers.ts';
import { FrameRate } from './frameRate.ts';
import { doRun, isRunning, type LiveRun } from './liveRun.ts';
import { tellLongRun } from './longRunNotice.ts';
import { currentDocument } from './objectsStore.ts';
import { withCompressedMasks } from './tracking.ts';
import { advanceRun, lookOn } from './trackingStore.ts';

/** What following everything is called in the history. */
export const FOLLOW_EVERYTHING = 'follow everything';

/**
 * Finds all things between the marks, or in the clip, that are no objects yet, and follows them, as `npm run track -- --everything`
 * does. Objects that are there stay as they are. What is done stays, however it ends.
 */
export async function startFollowingEverything(): Promise<void> {
  const { clip } = videoStore.getState();
  if (!hasTimeline(clip) || isRunning()) return;
  const range = activeRange();
  const { frameCount } = clip.info;
  const known = new Set(currentDocument().objects.map(({ id }) => id));
  const kind = {
    ...({ purpose: 'everything', label: FOLLOW_EVERYTHING } as const),
    isGone: ({ trackRun }: MaskDocument, live: LiveRun) => live.isInHistory && trackRun !== live.id,
    made: () => currentDocument().objects.flatMap(({ id }) => (known.has(id) ? [] : [id])),
  };
  await doRun(kind, async (live) => {
    const endNotice = tellLong(range);
    try {
      await whenScanned(live.signal);
      const place: Workplace = {
        get document() {
          return currentDocument();
        },
        change: (change) => live.put(change),
      };
      const scope = { frameCount, range, shots: videoStore.getState().shots, every: LOOK_EVERY };
      let leftOut = 0;
      for await (const state of followEverything(place, scope, pageModel(range), live.signal))
        ({ leftOut } = state);
      tellOutcome(live, leftOut);
      return 'done';
    } finally {
      endNotice();
    }
  });
}

/** The page's model, which shows on the status line how far the run is. */
function pageModel({ first, last }: FrameRange): EverythingModel {
  const rate = new FrameRate(Infinity);
  rate.add(performance.now());
  const totalFrames = last - first + 1;
  let doneFrames = 0;
  return {
    async find(frame, signal) {
      lookOn(frame);
      const found = new Map<number, Proposal>();
      for await (const { added, removed } of segmenter.everything(frame, signal)) {
        for (const proposal of added)
          found.set(proposal.id, { ...proposal, mask: compressed(proposal.mask) });
        for (const id of removed) found.delete(id);
      }
      restarts.segmenter.succeeded();
      return [...found.values()];
    },
    async *track(request, signal) {
      for await (const event of segmenter.track(request, signal)) {
        restarts.segmenter.succeeded();
        yield withCompressedMasks(event);
        // The way back at a shot's end makes the clip's end come no nearer.
        const done = event.frame - first + 1;
        for (; doneFrames < done; doneFrames++) rate.add(performance.now());
        advanceRun({ ...event, doneFrames, totalFrames }, rate);
      }
    },
  };
}

function tellLong(range: FrameRange): () => void {
  // Most frames are gone through twice.
  return tellLongRun(
    2 * (range.last - range.first + 1),
    (frames) => ({ first: range.first, last: range.first + Math.max(1, Math.floor(frames / 2)) - 1 }),
    () => void startFollowingEverything(),
  );
}

function tellOutcome({ isInHistory }: LiveRun, leftOut: number): void {
  if (!isInHistory) notify('Nothing new was found. Click on a thing to mask it.');
  if (leftOut > 0)
    notify(
      `There can be ${MAX_OBJECTS} objects at most: ${leftOut === 1 ? 'one thing that was found has' : `${leftOut} things that were found have`} no room. Delete objects that you do not need, then run it again.`,
    );
}
