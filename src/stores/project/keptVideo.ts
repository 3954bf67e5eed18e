import { toMaskletError } from '../../core/errors.ts';
import type { Clip } from '../clip/videoStore.ts';
import { notifyProblem } from '../page/noticesStore.ts';
import { project } from '../workers/workers.ts';
import { projectStore } from './projectStore.ts';
import { readRoom } from './storage.ts';
import { rememberHandle } from './videoHandles.ts';

/** Videos up to this size are kept with their project, in bytes. */
export const MAX_KEPT_VIDEO = 200e6;

const CHOICE_KEY = 'masklet-keep-videos';

/** Whether small videos are kept with their projects: yes, unless the person turned it off. */
export function keepsVideos(): boolean {
  return localStorage.getItem(CHOICE_KEY) !== 'no';
}

/** Sets whether the videos of later projects are kept. */
export function setKeepsVideos(isOn: boolean): void {
  localStorage.setItem(CHOICE_KEY, isOn ? 'yes' : 'no');
}

/** Sees to it that a project's video comes back: a small one is copied, of another one the place is remembered where that is known. */
export async function keepVideo(id: string, { file, handle }: Clip): Promise<void> {
  if (file === undefined) return;
  if (handle) await rememberHandle(id, handle);
  if (file.size > MAX_KEPT_VIDEO || !keepsVideos()) return;
  try {
    await project.keepVideo(id, file);
    if (projectStore.getState().id === id) projectStore.setState({ videoBytes: file.size });
  } catch (thrown) {
    const { code } = toMaskletError(thrown);
    if (code === 'storage-full')
      notifyProblem(
        'There is no room to keep the video with the project. Your masks are saved; you will be asked for the video.',
        { about: 'clip' },
      );
  }
  void readRoom();
}

/** Deletes the copy of the open project's video. The page goes on with the one it has; later it will be asked for. */
export async function dropKeptVideo(): Promise<void> {
  const { id } = projectStore.getState();
  if (id === undefined) return;
  await project.dropVideo(id);
  projectStore.setState({ videoBytes: 0 });
  void readRoom();
}
