import type { ProjectEntry } from '../../core/protocol/project.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import { download } from '../work/exportFile.ts';
import { project } from '../workers/workers.ts';
import { projectListStore, projectStore } from './projectStore.ts';
import { flush } from './saving.ts';
import { hasStorage, readRoom } from './storage.ts';

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
  return change(() => project.duplicate(id, crypto.randomUUID()));
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

/** Hands a project's file to the browser's downloads. */
export async function saveProjectFile(id: string, name: string): Promise<void> {
  try {
    if (projectStore.getState().id === id) await flush();
    download(await project.file(id), `${name.replace(/[\\/:*?"<>|]/g, '_')}.masklet`);
  } catch (thrown) {
    notifyError(thrown);
  }
}

/** Keeps a project that comes as a file. Gives its id, or nothing where it is refused, which is said. */
export async function addProjectFile(file: File): Promise<string | undefined> {
  const id = crypto.randomUUID();
  try {
    await project.add(file, id, file.name.replace(/\.[^.]*$/, ''));
    await readProjects();
    return id;
  } catch (thrown) {
    notifyError(thrown);
    return undefined;
  }
}
