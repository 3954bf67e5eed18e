import type { KeptRun } from '../../core/protocol/project.ts';
import { readHistory } from '../../document/saved/readHistory.ts';
import { withRestored } from '../../document/restoredObjects.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import { commitDocument, currentDocument, undoStep } from '../work/objectsStore.ts';
import { project } from '../workers/workers.ts';
import { projectStore } from './projectStore.ts';
import { currentProject, flush } from './saving.ts';

/** Keeps what the objects of a run are now that it has ended, where there is a project. @param objects their numbers */
export async function keepRun(label: string, objects: readonly number[]): Promise<void> {
  const id = currentProject();
  if (id === undefined || objects.length === 0) return;
  try {
    await flush();
    if (currentProject() !== id || projectStore.getState().saved === 'failed') return;
    const runs = await project.keepRun(id, { label, objects });
    if (currentProject() === id) projectStore.setState({ runs });
  } catch (thrown) {
    // The masks themselves are saved, or the status line says that they are not.
    console.warn('A tracking run was not kept.', thrown);
  }
}

/** Brings back the prompts and masks that the objects of a run had when it ended, as a step that can be undone. */
export async function restoreRun(run: KeptRun): Promise<void> {
  const id = currentProject();
  const { clip } = videoStore.getState();
  if (id === undefined || clip === undefined) return;
  try {
    const { documents } = readHistory(await project.run(id, run.id), clip.info);
    const former = documents[0]?.objects ?? [];
    if (currentProject() !== id || former.length === 0) return;
    commitDocument(withRestored(currentDocument(), former), 'bring back a run');
    notify('Masks and points are as they were after the run.', {
      label: 'Undo',
      run: undoStep,
    });
  } catch (thrown) {
    notifyError(thrown);
  }
}
