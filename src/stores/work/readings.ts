import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import { READINGS, type FramePrompts } from '../../core/prompts.ts';
import type { Segmentation } from '../../core/protocol/segmenter.ts';
import { rleIou } from '../../core/rle.ts';
import { findObject } from '../../document/document.ts';
import { withPrompts, withSegmentation } from '../../document/promptedMasks.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { modelStore } from '../model/modelStore.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import { segmenter } from '../workers/workers.ts';
import {
  commitDocument,
  currentDocument,
  objectsStore,
  refuseLocked,
  selectedObject,
  type ObjectsState,
} from './objectsStore.ts';

/** Masks above this IoU are the same reading. */
const SAME = 0.95;

/** One thing that a click may mean. */
export interface Reading extends Segmentation {
  /** As in `FramePrompts`. */
  readonly reading: number;
}

/** A single click, and the model that reads it. */
interface Click {
  readonly objectId: number;
  readonly frame: number;
  /** The very list, whichever reading is chosen. */
  readonly points: FramePrompts['points'];
  readonly modelId: string | undefined;
}

/** What a single click may mean, as far as it has been looked for. */
export interface ClickReadings extends Click {
  /** From the one that was chosen first on. No two of them are the same mask. */
  readonly readings: readonly Reading[];
  /** Whether there are no more. */
  readonly isComplete: boolean;
}

export const readingsStore = createStore<{ readonly found: ClickReadings | undefined }>(() => ({
  found: undefined,
}));

/** Whether prompts are a single click, which may mean several things. */
export function isSingleClick(prompts: FramePrompts | undefined): prompts is FramePrompts {
  return prompts?.points.length === 1 && !prompts.box && !prompts.prior && !prompts.mask;
}

/** The readings with one more, unless it is a mask that is among them. */
export function withReading(readings: readonly Reading[], next: Reading): readonly Reading[] {
  return readings.some(({ mask }) => rleIou(mask, next.mask) > SAME) ? readings : [...readings, next];
}

/** The readings of the selected object's click on a frame, if they were asked for, and the place of the one that is chosen. */
export function readingsOn(
  found: ClickReadings | undefined,
  objects: ObjectsState,
  frame: number,
): (ClickReadings & { readonly chosen: number }) | undefined {
  const object = selectedObject(objects);
  const prompts = object?.prompts.get(frame);
  if (!found || !prompts || found.objectId !== object?.id || found.frame !== frame) return undefined;
  if (found.points !== prompts.points || !isSingleClick(prompts)) return undefined;
  const chosen = found.readings.findIndex(({ reading }) => reading === (prompts.reading ?? 0));
  return { ...found, chosen: Math.max(0, chosen) };
}

/** Shows the next thing that the click on this frame may mean; looks for what there is, where that is not known yet. */
export async function showNextReading(): Promise<void> {
  const { frame } = playbackStore.getState();
  const object = selectedObject(objectsStore.getState());
  const prompts = object?.prompts.get(frame);
  if (!object || !isSingleClick(prompts) || refuseLocked(object, frame)) return;
  const known = readingsOn(readingsStore.getState().found, objectsStore.getState(), frame);
  if (known && known.modelId === modelId()) {
    const next = known.readings[known.chosen + 1] ?? (known.isComplete ? known.readings[0] : undefined);
    if (next && known.readings.length > 1) showReading(next);
    return;
  }
  await findReadings({ objectId: object.id, frame, points: prompts.points, modelId: modelId() }, prompts);
}

/** Chooses one of the readings that were found, as a step that can be undone. */
export function showReading({ reading, ...segmentation }: Reading): void {
  const { found } = readingsStore.getState();
  const object = findObject(currentDocument(), found?.objectId);
  const prompts = found && object?.prompts.get(found.frame);
  if (!object || !prompts || prompts.points !== found.points || (prompts.reading ?? 0) === reading) return;
  if (refuseLocked(object, found.frame)) return;
  const { objectId, frame } = found;
  const document = withPrompts(currentDocument(), objectId, frame, { ...prompts, reading });
  const chosen = findObject(document, objectId)?.prompts.get(frame);
  if (chosen === undefined) return;
  // Its mask is known: the document never waits for it.
  const next = withSegmentation(document, { objectId, frame, prompts: chosen }, segmentation);
  commitDocument(next, 'another mask');
}

/** Looks for the readings of a click one by one, and shows the first one that differs from what is there. */
async function findReadings(click: Click, prompts: FramePrompts): Promise<void> {
  let found: ClickReadings = { ...click, readings: [], isComplete: false };
  readingsStore.setState({ found });
  const first = prompts.reading ?? 0;
  try {
    for (let i = 0; i < READINGS; i++) {
      const reading = (first + i) % READINGS;
      const known = i === 0 ? decodedMask(click, prompts) : undefined;
      const segmentation =
        known ?? (await segmenter.segment({ frame: click.frame, prompts: { ...prompts, reading } }));
      if (readingsStore.getState().found !== found) return;
      const before = found.readings.length;
      const readings = withReading(found.readings, { reading, ...segmentation });
      found = { ...found, readings, isComplete: i === READINGS - 1 };
      readingsStore.setState({ found });
      const [, second] = readings;
      if (before === 1 && second) showReading(second);
    }
    if (found.readings.length === 1)
      notify('The model sees one thing only here. Click again to add to it, or Alt-click to take away.');
  } catch (thrown) {
    if (readingsStore.getState().found === found) readingsStore.setState({ found: undefined });
    if (toMaskletError(thrown).code !== 'disposed') notifyError(thrown);
  }
}

/** The mask that is there already, if it is that of the prompts. */
function decodedMask({ objectId, frame }: Click, prompts: FramePrompts): Segmentation | undefined {
  const object = findObject(currentDocument(), objectId);
  return object?.decoded.get(frame) === prompts ? object.track.get(frame) : undefined;
}

function modelId(): string | undefined {
  const model = modelStore.getState();
  return model.phase === 'ready' ? model.model.id : undefined;
}
