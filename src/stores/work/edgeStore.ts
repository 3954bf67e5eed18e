import { createStore } from 'zustand/vanilla';
import { isSameEdge, PLAIN_EDGE, type EdgeSettings } from '../../core/edges/edgeSettings.ts';
import { findObject, withEdge, type MaskObject } from '../../document/document.ts';
import { commitDocument, currentDocument } from './objectsStore.ts';

interface EdgeState {
  /** An edge that is being set: it shows at once, and becomes a step when it is let go of. */
  readonly draft: { readonly objectId: number; readonly edge: EdgeSettings } | undefined;
}

export const edgeStore = createStore<EdgeState>(() => ({ draft: undefined }));

/** The edge of an object as it is shown: the one that is being set, if there is one. */
export function shownEdge(
  { id, edge = PLAIN_EDGE }: MaskObject,
  { draft } = edgeStore.getState(),
): EdgeSettings {
  return draft?.objectId === id ? draft.edge : edge;
}

/** Changes an object's edge for the time being. */
export function tryEdge(objectId: number, change: Partial<EdgeSettings>): void {
  const object = findObject(currentDocument(), objectId);
  if (object === undefined) return;
  const edge = { ...shownEdge(object), ...change };
  edgeStore.setState({ draft: isSameEdge(edge, object.edge) ? undefined : { objectId, edge } });
}

/** Makes an edge as it is being set, with this change, a step that can be undone. */
export function keepEdge(objectId: number, change: Partial<EdgeSettings>): void {
  const object = findObject(currentDocument(), objectId);
  if (object) setEdge(objectId, { ...shownEdge(object), ...change });
}

/** Sets an object's edge. */
export function setEdge(objectId: number, edge: EdgeSettings): void {
  edgeStore.setState({ draft: undefined });
  commitDocument(withEdge(currentDocument(), objectId, edge), 'change edge');
}

/** Gives all objects the edge of one. */
export function setEdgeOfAll(edge: EdgeSettings): void {
  edgeStore.setState({ draft: undefined });
  const document = currentDocument();
  const changed = document.objects.reduce((next, { id }) => withEdge(next, id, edge), document);
  commitDocument(changed, 'change edge');
}
