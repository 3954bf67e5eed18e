import { createStore } from 'zustand/vanilla';
import { includesFrame, type FrameRange } from '../core/frameRanges.ts';
import type { TrackSettings } from '../core/protocol.ts';
import { NO_PROMPTS, type FramePrompts } from '../core/prompts.ts';
import {
  EMPTY_DOCUMENT,
  findObject,
  MAX_OBJECTS,
  withLock,
  withName,
  withNewObject,
  withoutObject,
  withPrompts,
  type MaskDocument,
  type MaskObject,
} from './document.ts';
import { commit, mapHistory, newHistory, redo, undo, type History } from './history.ts';
import { notify } from './noticesStore.ts';

export interface ObjectsState {
  readonly history: History<MaskDocument>;
  readonly selectedId: number | undefined;
  /** Objects whose masks are not drawn. A way of looking, not work: undo leaves it alone. */
  readonly hidden: ReadonlySet<number>;
}

const EMPTY: ObjectsState = {
  history: newHistory(EMPTY_DOCUMENT),
  selectedId: undefined,
  hidden: new Set(),
};

export const objectsStore = createStore<ObjectsState>(() => EMPTY);

export const TOO_MANY_OBJECTS = `There can be ${MAX_OBJECTS} objects at most. Delete one to add another.`;

/** The document as it is now. */
export function currentDocument(): MaskDocument {
  return objectsStore.getState().history.present;
}

export function selectedObject(state: ObjectsState): MaskObject | undefined {
  return findObject(state.history.present, state.selectedId);
}

/** Starts anew, with no objects and nothing to undo; or with what was kept from before. */
export function resetObjects(former: ObjectsState = EMPTY): void {
  objectsStore.setState(former, true);
}

/** Makes `next` the document, as a step that can be undone. */
export function commitDocument(next: MaskDocument, label: string): void {
  objectsStore.setState(({ history }) => ({ history: commit(history, next, label) }));
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

export function deleteObject(id: number): void {
  const { objects } = currentDocument();
  const at = objects.findIndex((object) => object.id === id);
  if (at < 0) return;
  commitDocument(withoutObject(currentDocument(), id), 'delete object');
  const neighbour = objects[at + 1] ?? objects[at - 1];
  const { selectedId } = objectsStore.getState();
  if (selectedId === id) objectsStore.setState({ selectedId: neighbour?.id });
}

export function renameObject(id: number, name: string): void {
  const trimmed = name.trim();
  if (trimmed !== '') commitDocument(withName(currentDocument(), id, trimmed), 'rename');
}

/** Changes how tracking goes, from the next run on. */
export function changeSettings(change: Partial<TrackSettings>): void {
  const document = currentDocument();
  commitDocument({ ...document, settings: { ...document.settings, ...change } }, 'change setting');
}

export function changePausesAtShots(pausesAtShots: boolean): void {
  commitDocument({ ...currentDocument(), pausesAtShots }, 'change setting');
}

/** Keeps an object's frames as they are, or lets them change again. */
export function lockObject(id: number, range: FrameRange, isLocked: boolean): void {
  commitDocument(withLock(currentDocument(), id, range, isLocked), isLocked ? 'lock' : 'unlock');
}

export function selectObject(id: number): void {
  objectsStore.setState({ selectedId: id });
}

export function toggleVisible(id: number): void {
  objectsStore.setState(({ hidden }) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    return { hidden: next };
  });
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
  let id = selectedObject(state)?.id ?? document.objects.at(-1)?.id;
  if (id === undefined) ({ document, id } = withNewObject(document));
  if (id === undefined) return;
  const object = findObject(document, id);
  if (object && includesFrame(object.locked, frame)) {
    notify(`${object.name} is locked on frame ${frame}. Unlock it to change it (L).`);
    return;
  }
  const prompts = object?.prompts.get(frame) ?? NO_PROMPTS;
  const next = change(prompts);
  if (next === prompts) return;
  commitDocument(withPrompts(document, id, frame, next), label);
  objectsStore.setState(({ hidden }) => {
    if (!hidden.has(id)) return { selectedId: id };
    const shown = new Set(hidden);
    shown.delete(id);
    return { selectedId: id, hidden: shown };
  });
}

export function undoStep(): void {
  objectsStore.setState(({ history }) => ({ history: undo(history) }));
  keepSelection();
}

export function redoStep(): void {
  objectsStore.setState(({ history }) => ({ history: redo(history) }));
  keepSelection();
}

function keepSelection(): void {
  const state = objectsStore.getState();
  if (selectedObject(state) === undefined) {
    objectsStore.setState({ selectedId: state.history.present.objects.at(-1)?.id });
  }
}
