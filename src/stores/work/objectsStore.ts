import { createStore } from 'zustand/vanilla';
import { includesFrame, includesRange } from '../../core/frameRanges.ts';
import type { TrackSettings } from '../../core/protocol/segmenter.ts';
import { NO_PROMPTS, type FramePrompts } from '../../core/prompts.ts';
import {
  EMPTY_DOCUMENT,
  findObject,
  MAX_OBJECTS,
  withColor,
  withLock,
  withName,
  withNewObject,
  withoutObject,
  withPlace,
  type MaskDocument,
  type MaskObject,
} from '../../document/document.ts';
import { maskPrompts, withoutFrame, withPrompts } from '../../document/promptedMasks.ts';
import { changedObjects } from '../../document/steps.ts';
import { commit, jump, mapHistory, newHistory, redo, undo, type History } from '../../document/history.ts';
import { withinBytes } from '../../document/historyBytes.ts';
import { notify } from '../page/noticesStore.ts';
import { activeRange } from '../clip/playbackStore.ts';
import { logWork } from './workLog.ts';

export interface ObjectsState {
  readonly history: History<MaskDocument>;
  readonly selectedId: number | undefined;
  /** Objects whose masks are not drawn. A way of looking, not work: undo leaves it alone. */
  readonly hidden: ReadonlySet<number>;
  /** The only object whose masks are drawn, if it is there. */
  readonly soloId: number | undefined;
  /** Why nothing may be changed, as a sentence; nothing where it may. */
  readonly readOnly: string | undefined;
}

const EMPTY: ObjectsState = {
  history: newHistory(EMPTY_DOCUMENT),
  selectedId: undefined,
  hidden: new Set(),
  soloId: undefined,
  readOnly: undefined,
};

export const objectsStore = createStore<ObjectsState>(() => EMPTY);

export const TOO_MANY_OBJECTS = `There can be ${MAX_OBJECTS} objects at most. Delete one to add another.`;

/** The document as it is now. */
export function currentDocument(): MaskDocument {
  return objectsStore.getState().history.present;
}

/** The object that is selected, if it is in the document. */
export function selectedObject(state: ObjectsState): MaskObject | undefined {
  return findObject(state.history.present, state.selectedId);
}

/** The object that prompts are given to; nothing where they make a new one. */
export function targetObject(state: ObjectsState): MaskObject | undefined {
  return selectedObject(state) ?? state.history.present.objects.at(-1);
}

/** Whether an object is locked on a frame; if so, says that. */
export function refuseLocked({ name, locked }: MaskObject, frame: number): boolean {
  const isLocked = includesFrame(locked, frame);
  if (isLocked) notify(`${name} is locked on frame ${frame}. Unlock it to change it (L).`);
  return isLocked;
}

/** Whether an object's masks are drawn. */
export function isShown({ history, hidden, soloId }: ObjectsState, id: number): boolean {
  const hasSolo = findObject(history.present, soloId) !== undefined;
  return hasSolo ? id === soloId : !hidden.has(id);
}

/** Starts anew, with no objects and nothing to undo; or with what was kept from before. */
export function resetObjects(former: ObjectsState = EMPTY): void {
  objectsStore.setState(former, true);
}

/** Whether nothing may be changed; if so, says why. */
function refuseReadOnly(): boolean {
  const { readOnly } = objectsStore.getState();
  if (readOnly !== undefined) notify(readOnly);
  return readOnly !== undefined;
}

/** Makes `next` the document, as a step that can be undone. */
export function commitDocument(next: MaskDocument, label: string): void {
  if (refuseReadOnly()) return;
  logStep(currentDocument(), next, label);
  objectsStore.setState(({ history }) => ({ history: withinBytes(commit(history, next, label)) }));
}

/** Notes a step in the log; that of a run is noted by the run. */
function logStep(before: MaskDocument, after: MaskDocument, label: string): void {
  if (before === after || before.trackRun !== after.trackRun) return;
  const [first, ...others] = changedObjects(before, after);
  if (others.length > 0) logWork('step', label, { detail: `${others.length + 1} objects` });
  else logWork('step', label, { object: first?.id ?? null });
}

/** Puts a late result into the document and into all its past and future states to which it belongs. */
export function amendDocuments(change: (document: MaskDocument) => MaskDocument): void {
  objectsStore.setState(({ history }) => ({ history: mapHistory(history, change) }));
}

/** Adds an empty object and selects it. Returns its id, or nothing if there are too many. */
export function addObject(): number | undefined {
  const { document, id } = withNewObject(currentDocument());
  if (id === undefined) {
    notify(TOO_MANY_OBJECTS);
    return undefined;
  }
  commitDocument(document, 'add object');
  objectsStore.setState({ selectedId: id });
  return id;
}

/** Deletes an object; if it was selected, its neighbour is selected instead. */
export function deleteObject(id: number): void {
  const { objects } = currentDocument();
  const at = objects.findIndex((object) => object.id === id);
  if (at < 0) return;
  commitDocument(withoutObject(currentDocument(), id), 'delete object');
  const neighbour = objects[at + 1] ?? objects[at - 1];
  const { selectedId } = objectsStore.getState();
  if (selectedId === id) objectsStore.setState({ selectedId: neighbour?.id });
}

/** Gives an object a name without surrounding spaces; an empty name changes nothing. */
export function renameObject(id: number, name: string): void {
  const trimmed = name.trim();
  if (trimmed !== '') commitDocument(withName(currentDocument(), id, trimmed), 'rename');
}

/** Changes how tracking goes, from the next run on. */
export function changeSettings(change: Partial<TrackSettings>): void {
  const document = currentDocument();
  commitDocument({ ...document, settings: { ...document.settings, ...change } }, 'change tracking option');
}

/** Sets whether runs pause at shot changes. */
export function changePausesAtShots(pausesAtShots: boolean): void {
  commitDocument({ ...currentDocument(), pausesAtShots }, 'change tracking option');
}

/** Gives an object another colour: `#rrggbb`. */
export function recolorObject(id: number, color: string): void {
  commitDocument(withColor(currentDocument(), id, color), 'change colour');
}

/** Puts an object at another place in the list, which is the drawing order. */
export function placeObject(id: number, to: number): void {
  commitDocument(withPlace(currentDocument(), id, to), 'change order');
}

/** Keeps an object's frames in the active range as they are; lets them change again if they all are locked. */
export function toggleLock(id: number): void {
  const document = currentDocument();
  const range = activeRange();
  const isLocked = includesRange(findObject(document, id)?.locked ?? [], range);
  commitDocument(withLock(document, id, range, !isLocked), isLocked ? 'unlock frames' : 'lock frames');
}

/** Selects an object. */
export function selectObject(id: number): void {
  objectsStore.setState({ selectedId: id });
}

/** Hides an object’s masks, or shows them again. */
export function toggleVisible(id: number): void {
  objectsStore.setState(({ hidden }) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    return { hidden: next };
  });
}

/** Draws this object's masks only, or all again. */
export function toggleSolo(id: number): void {
  objectsStore.setState(({ soloId }) => ({ soloId: soloId === id ? undefined : id }));
}

/**
 * Changes the selected object's prompts on a frame; where there is no object yet, adds one, in the same step. `change`
 * gets the prompts that are there.
 */
export function changePrompts(
  frame: number,
  label: string,
  change: (prompts: FramePrompts) => FramePrompts,
): void {
  const state = objectsStore.getState();
  let document = state.history.present;
  let id = targetObject(state)?.id;
  if (id === undefined) ({ document, id } = withNewObject(document));
  if (id === undefined) return;
  const object = findObject(document, id);
  if (object && refuseLocked(object, frame)) return;
  const prompts = object?.prompts.get(frame) ?? NO_PROMPTS;
  const next = change(prompts);
  if (next === prompts) return;
  commitDocument(withPrompts(document, id, frame, next), label);
  workOn(id);
}

/** Takes the selected object's mask and all that was said of it away from a frame, as if nothing had been there. Returns whether it did. */
export function clearFrame(frame: number): boolean {
  const object = selectedObject(objectsStore.getState());
  if (object === undefined || refuseLocked(object, frame)) return false;
  commitDocument(withoutFrame(currentDocument(), object.id, frame), 'start frame afresh');
  return true;
}

/** Gives the selected object's mask on a frame to the next one, as a mask prompt. Returns whether it did. */
export function copyMaskToNext(frame: number): boolean {
  const object = selectedObject(objectsStore.getState());
  const { mask, provenance } = object?.track.get(frame) ?? {};
  if (object === undefined || mask === undefined || refuseLocked(object, frame + 1)) return false;
  const { prior, priorProvenance } = object.prompts.get(frame + 1) ?? {};
  const prompts = {
    ...maskPrompts(mask, provenance?.model),
    ...(prior && { prior }),
    ...(priorProvenance && { priorProvenance }),
  };
  commitDocument(withPrompts(currentDocument(), object.id, frame + 1, prompts), 'copy mask');
  return true;
}

/** Selects an object and sees to it that it shows. */
export function workOn(id: number): void {
  objectsStore.setState(({ hidden, soloId }) => ({
    selectedId: id,
    hidden: hidden.has(id) ? new Set([...hidden].filter((other) => other !== id)) : hidden,
    soloId: soloId === undefined ? undefined : id,
  }));
}

/** Takes the last step back; an object that is gone is no longer selected. */
export function undoStep(): void {
  if (refuseReadOnly()) return;
  objectsStore.setState(({ history }) => ({ history: undo(history) }));
  keepSelection();
}

/** Does the step again that was taken back last. */
export function redoStep(): void {
  if (refuseReadOnly()) return;
  objectsStore.setState(({ history }) => ({ history: redo(history) }));
  keepSelection();
}

/** Goes to the state after the first `steps` steps of the history. */
export function jumpToStep(steps: number): void {
  logWork('step', 'go to a step of the history');
  objectsStore.setState(({ history }) => ({ history: jump(history, steps) }));
  keepSelection();
}

function keepSelection(): void {
  const state = objectsStore.getState();
  if (selectedObject(state) === undefined) {
    objectsStore.setState({ selectedId: state.history.present.objects.at(-1)?.id });
  }
}
