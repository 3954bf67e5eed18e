import {
  addObject,
  deleteObject,
  objectsStore,
  placeObject,
  selectedObject,
  toggleLock,
  toggleSolo,
  toggleVisible,
} from '../stores/work/objectsStore.ts';
import { findElsewhere } from '../stores/project/elsewhere.ts';
import { showWaiting, stillWaiting } from '../stores/project/waiting.ts';
import { findLike, findProposals, pickAll } from '../stores/work/proposals.ts';
import { setRenaming } from '../stores/page/uiStore.ts';
import { examplesOf } from '../document/alike.ts';
import type { AppState } from './appState.ts';
import type { Command } from './command.ts';
import { canFindEverything, withClip } from './conditions.ts';

/** A thing is known by its masks, and what looks like it by a model that can compare looks. */
function canFindLike(state: AppState): true | string {
  const object = selectedObject(state.objects);
  if (object === undefined) return withObject(state);
  if (!examplesOf(object, 0).length) return 'The selected object has no mask that is up to date.';
  const isPossible = canFindEverything(state);
  if (isPossible !== true) return isPossible;
  const { model } = state;
  const canCompare = model.phase === 'ready' && model.model.family === 'embedded';
  return canCompare || 'This model cannot compare looks: choose the embedded one (M).';
}

/** What is found is kept in other projects. */
function canFindElsewhere(state: AppState): true | string {
  const { project, elsewhere } = state;
  if (elsewhere.phase !== 'off' && elsewhere.phase !== 'ended') return 'It is already running.';
  if (project.problem !== undefined) return project.problem;
  return canFindLike(state);
}

function canShowWaiting({ project, objects, tracking }: AppState): true | string {
  if (tracking.phase === 'running') return 'Tracking is running.';
  const hasMore = stillWaiting(project.waiting, objects.history.present).length > 0;
  return hasMore || 'Nothing was found in this clip that waits to be accepted.';
}

const withObject = ({ objects }: AppState) =>
  selectedObject(objects) !== undefined || 'No object is selected.';

/** Calls `run` with the selected object's id and its place in the list. */
function onSelected(run: (id: number, place: number) => void): () => void {
  return () => {
    const state = objectsStore.getState();
    const object = selectedObject(state);
    if (object) run(object.id, state.history.present.objects.indexOf(object));
  };
}

/** Whether there is an object above (−1) or below (1) the selected one. */
const withNeighbour =
  (by: number) =>
  (state: AppState): true | string => {
    const object = selectedObject(state.objects);
    if (object === undefined) return withObject(state);
    const { objects } = state.objects.history.present;
    const at = objects.indexOf(object) + by;
    return (at >= 0 && at < objects.length) || `It is already the ${by < 0 ? 'first' : 'last'} in the list.`;
  };

/** What can be done with objects as a whole. */
export const OBJECT_COMMANDS = {
  everything: {
    label: 'Segment everything',
    group: 'Objects',
    shortcuts: [{ key: 'a' }],
    isEnabled: canFindEverything,
    run: () => void findProposals(),
  },
  findLike: {
    label: 'Find more like this',
    group: 'Objects',
    shortcuts: [{ key: 'w', shift: true }],
    isEnabled: canFindLike,
    run: () => void findLike(),
  },
  findElsewhere: {
    label: 'Find more like this in other clips',
    group: 'Objects',
    shortcuts: [{ key: 'w', alt: true }],
    isEnabled: canFindElsewhere,
    run: () => void findElsewhere(),
  },
  showWaiting: {
    label: 'Look at what was found in this clip',
    group: 'Objects',
    shortcuts: [{ key: 'a', alt: true }],
    isEnabled: canShowWaiting,
    run: showWaiting,
  },
  pickAll: {
    label: 'Keep all',
    group: 'Objects',
    shortcuts: [{ key: 'a', shift: true }],
    isEnabled: ({ proposals }) =>
      (proposals.phase !== 'off' && proposals.proposals.length > 0) ||
      'There is nothing to keep: use Segment everything or Find more like this first.',
    run: pickAll,
  },
  addObject: {
    label: 'Add object',
    group: 'Objects',
    shortcuts: [{ key: 'n' }],
    isEnabled: withClip,
    run: () => void addObject(),
  },
  deleteObject: {
    label: 'Delete object',
    group: 'Objects',
    shortcuts: [{ key: 'Delete' }],
    isEnabled: withObject,
    run: onSelected(deleteObject),
  },
  renameObject: {
    label: 'Rename object',
    group: 'Objects',
    shortcuts: [{ key: 'F2' }],
    isEnabled: withObject,
    run: onSelected(setRenaming),
  },
  hideObject: {
    label: 'Show or hide object',
    group: 'Objects',
    shortcuts: [{ key: 'h', shift: true }],
    isEnabled: withObject,
    run: onSelected(toggleVisible),
  },
  soloObject: {
    label: 'Show this object only, or all',
    group: 'Objects',
    shortcuts: [{ key: 's' }],
    isEnabled: withObject,
    run: onSelected(toggleSolo),
  },
  lock: {
    label: 'Lock or unlock the object’s frames',
    group: 'Objects',
    shortcuts: [{ key: 'l' }],
    isEnabled: withObject,
    run: onSelected(toggleLock),
  },
  moveObjectUp: {
    label: 'Move object up the list, under the others',
    group: 'Objects',
    shortcuts: [{ key: 'ArrowUp', mod: true }],
    isEnabled: withNeighbour(-1),
    run: onSelected((id, place) => placeObject(id, place - 1)),
  },
  moveObjectDown: {
    label: 'Move object down the list, over the others',
    group: 'Objects',
    shortcuts: [{ key: 'ArrowDown', mod: true }],
    isEnabled: withNeighbour(1),
    run: onSelected((id, place) => placeObject(id, place + 1)),
  },
} as const satisfies Record<string, Command>;
