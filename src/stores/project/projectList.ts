import type { ProjectEntry } from '../../core/protocol/project.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notify, notifyError, notifyProblem } from '../page/noticesStore.ts';
import { download } from '../work/exportFile.ts';
import { project } from '../workers/workers.ts';
import { projectListStore, projectStore } from './projectStore.ts';
import { projectNameOf } from './pageWork.ts';
import { fileOfPage, flush } from './saving.ts';
import { hasStorage, readRoom } from './storage.ts';
import { recallHandle, rememberHandle } from './videoHandles.ts';

/** Reads the list of projects. */
export async function readProjects(): Promise<void> {
  if (!(await hasStorage())) return;
  projectListStore.setState({ entries: await project.list(), isRead: true });
}

/** Does something to projects, and reads the list again; says why it did not work. */
async function change(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    notifyError(thrown);
  }
  await readProjects().catch(notifyError);
  await readRoom().catch(() => undefined);
}

/** Gives a project a name without surrounding spaces; an empty name changes nothing. */
export async function renameProject(id: string, name: string): Promise<void> {
  const trimmed = name.trim();
  if (trimmed === '') return;
  await change(async () => {
    await project.rename(id, trimmed);
    if (projectStore.getState().id === id) projectStore.setState({ name: trimmed });
  });
}

/** Makes a copy of a project. */
export function duplicateProject(id: string): Promise<void> {
  return change(async () => {
    const copyId = crypto.randomUUID();
    await project.duplicate(id, copyId);
    const handle = await recallHandle(id);
    if (handle) await rememberHandle(copyId, handle);
  });
}

/** Deletes a project. For some minutes it can be had back. */
export function deleteProject({ id, name }: ProjectEntry): Promise<void> {
  return change(async () => {
    await project.remove(id, true);
    notify(`“${name}” was deleted.`, {
      label: 'Undo',
      run: () => void change(() => project.remove(id, false)),
    });
  });
}

/** Hands a project's file to the browser's downloads: the open one as it is on the page, also where it cannot be saved. */
export async function saveProjectFile(id: string, name: string): Promise<void> {
  try {
    const isOpen = projectStore.getState().id === id && projectStore.getState().heldSince === undefined;
    if (isOpen) await flush();
    const isSaved = !isOpen || projectStore.getState().saved === 'saved';
    handOver(isSaved ? await project.file(id) : await fileOfPage(), name);
  } catch (thrown) {
    notifyError(thrown);
  }
}

/** Hands the work on the page to the browser's downloads, where there is no storage to keep it in. */
export async function saveWorkAsFile(): Promise<void> {
  const { clip } = videoStore.getState();
  if (clip === undefined) return;
  try {
    handOver(await fileOfPage(), projectNameOf(clip));
  } catch (thrown) {
    notifyError(thrown);
  }
}

/** What becomes of a download, the page is not told. */
function handOver(file: Blob, name: string): void {
  const fileName = `${name.replace(/[\\/:*?"<>|]/g, '_')}.masklet`;
  download(file, fileName);
  notify(`“${fileName}” is on its way to your downloads.`);
}

/** Keeps a project that comes as a file. Gives its id, or nothing where it is refused, which is said. */
export async function addProjectFile(file: File): Promise<string | undefined> {
  const id = crypto.randomUUID();
  try {
    const losses = await project.add(file, id, file.name.replace(/\.[^.]*$/, ''));
    if (losses.length > 0)
      notifyProblem(`${losses.join(' ')} All the rest is here. The file itself is as it was.`, {
        about: 'app',
      });
    await readProjects();
    return id;
  } catch (thrown) {
    notifyError(thrown);
    return undefined;
  }
}
