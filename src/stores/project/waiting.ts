import type { WaitingThing } from '../../core/protocol/project.ts';
import type { MaskDocument } from '../../document/document.ts';
import { notifyError } from '../page/noticesStore.ts';
import { currentDocument, objectsStore } from '../work/objectsStore.ts';
import { endProposals, objectOf, offerFound } from '../work/proposals.ts';
import { project } from '../workers/workers.ts';
import { projectStore } from './projectStore.ts';
import { openProject } from './projects.ts';

/** What waits in the open project and is no object yet. */
export function stillWaiting(waiting: readonly WaitingThing[], document: MaskDocument): WaitingThing[] {
  return waiting.filter((thing) => objectOf(document, thing) === undefined);
}

/** Offers what waits in the open project. */
export function showWaiting(): void {
  offerFound(stillWaiting(projectStore.getState().waiting, currentDocument()));
}

/** Opens a project, and offers what waits in it. */
export async function openWaiting(id: string): Promise<void> {
  await openProject(id);
  if (projectStore.getState().id === id) showWaiting();
}

/** Forgets what waits in the open project. What was accepted stays. */
export function forgetWaiting(): void {
  endProposals();
  const { id } = projectStore.getState();
  projectStore.setState({ waiting: [] });
  if (id !== undefined) void project.keepWaiting(id, []).catch(notifyError);
}

/** Keeps in the project what still waits, whenever that changes. To be called once. */
export function watchWaiting(): void {
  let kept: { readonly of: readonly WaitingThing[]; readonly count: number } | undefined;
  objectsStore.subscribe(({ history }, before) => {
    if (history.present === before.history.present) return;
    const { id, waiting } = projectStore.getState();
    if (id === undefined || waiting.length === 0) return;
    const still = stillWaiting(waiting, history.present);
    const former = kept?.of === waiting ? kept.count : waiting.length;
    kept = { of: waiting, count: still.length };
    if (still.length !== former) void project.keepWaiting(id, still).catch(notifyError);
  });
}
