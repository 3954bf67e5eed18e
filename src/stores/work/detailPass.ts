import { compressed } from '../../core/compressedRle.ts';
import { planDetail, withDetail } from '../../document/detailPass.ts';
import { findObject, type MaskDocument } from '../../document/document.ts';
import { activeRange } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notify } from '../page/noticesStore.ts';
import { restarts } from '../workers/restarts.ts';
import { segmenter } from '../workers/workers.ts';
import { FrameRate } from './frameRate.ts';
import { doRun, isRunning, type LiveRun } from './liveRun.ts';
import { currentDocument, objectsStore } from './objectsStore.ts';
import { advanceRun } from './trackingStore.ts';

/** What the detail pass is called in the history. */
export const DETAIL_PASS = 'detail pass';

/** Masks that are sent to the worker at a time: no message holds all masks of a long clip. */
const BATCH = 64;

/** Has the selected object's tracked masks between the marks decoded again in detail. What is done stays, however it ends. */
export async function startDetailPass(): Promise<void> {
  const { selectedId: id } = objectsStore.getState();
  if (videoStore.getState().clip === undefined || id === undefined || isRunning()) return;
  const masks = planDetail(currentDocument(), id, activeRange());
  if (masks.length === 0) {
    notify('There is nothing to decode in detail: no tracked mask there may be changed.');
    return;
  }
  const kind = {
    ...({ purpose: 'detail', label: DETAIL_PASS } as const),
    isGone: (document: MaskDocument, live: LiveRun) =>
      (live.isInHistory && document.trackRun !== live.id) || findObject(document, id) === undefined,
    made: () => [id],
  };
  await doRun(kind, async (live) => {
    const rate = new FrameRate();
    rate.add(performance.now());
    let doneFrames = 0;
    for (let at = 0; at < masks.length && !live.signal.aborted; at += BATCH) {
      const batch = masks.slice(at, at + BATCH);
      for await (const { frame, mask, model } of segmenter.detail(batch, live.signal)) {
        restarts.segmenter.succeeded();
        const tracked = batch.find((each) => each.frame === frame);
        if (mask && tracked) {
          const detailed = { mask: compressed(mask), model };
          live.put((document) => withDetail(document, id, tracked, detailed));
        }
        rate.add(performance.now());
        const objects = mask ? [{ objectId: id }] : [];
        advanceRun({ frame, objects, doneFrames: ++doneFrames, totalFrames: masks.length }, rate);
      }
    }
    if (live.signal.aborted) return 'cancelled';
    if (!live.isInHistory) notify('No mask is surely finer in detail: all stay as they are.');
    return 'done';
  });
}
