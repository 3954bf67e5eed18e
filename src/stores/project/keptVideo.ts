import { toMaskletError } from '../../core/errors.ts';
import { videoStore, type Clip } from '../clip/videoStore.ts';
import { notifyError, notifyProblem } from '../page/noticesStore.ts';
import { project } from '../workers/workers.ts';
import { projectStore } from './projectStore.ts';
import { readRoom } from './storage.ts';
import { rememberHandle } from './videoHandles.ts';

/** Videos up to this size are kept with their project, in bytes. */
export const MAX_KEPT_VIDEO = 200e6;

/** Room that a copy of a video leaves for masks, in bytes. */
const ROOM_FOR_MASKS = 100e6;

const CHOICE_KEY = 'masklet-keep-videos';

const NO_ROOM =
  'There is no room to keep the video with the project. Your masks are saved; you will be asked for the video.';

/** Takes up whether videos are kept, as it was chosen on an earlier visit. */
export function restoreKeepsVideos(): void {
  try {
    projectStore.setState({ keepsVideos: localStorage.getItem(CHOICE_KEY) !== 'no' });
  } catch {
    // Storage may be forbidden; then nothing is kept.
  }
}

/** Sets whether the videos of later projects are kept. */
export function setKeepsVideos(keepsVideos: boolean): void {
  projectStore.setState({ keepsVideos });
  try {
    localStorage.setItem(CHOICE_KEY, keepsVideos ? 'yes' : 'no');
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** Sees to it that a project's video comes back: a small one is copied, of another one the place is remembered where that is known. */
export async function keepVideo(id: string, { file, handle }: Clip): Promise<void> {
  if (file === undefined) return;
  if (handle) await rememberHandle(id, handle);
  if (file.size > MAX_KEPT_VIDEO || !projectStore.getState().keepsVideos) return;
  await copyVideo(id, file);
}

/** Copies the video of the open project, because a person asks for it. */
export async function keepVideoNow(): Promise<void> {
  const { id } = projectStore.getState();
  const { clip } = videoStore.getState();
  if (id !== undefined && clip?.file) await copyVideo(id, clip.file);
}

async function copyVideo(id: string, file: Blob): Promise<void> {
  try {
    if (!(await hasRoomFor(file.size))) notifyProblem(NO_ROOM, { about: 'clip' });
    else {
      await project.keepVideo(id, file);
      if (projectStore.getState().id === id) projectStore.setState({ videoBytes: file.size });
    }
  } catch (thrown) {
    if (toMaskletError(thrown).code === 'storage-full') notifyProblem(NO_ROOM, { about: 'clip' });
    else notifyError(thrown);
  }
  void readRoom();
}

/** Whether the browser says that there is room for some bytes, and for masks beside them. */
async function hasRoomFor(bytes: number): Promise<boolean> {
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || usage === undefined || quota - usage >= bytes + ROOM_FOR_MASKS;
}

/** Deletes the copy of the open project's video. The page goes on with the one it has; later it will be asked for. */
export async function dropKeptVideo(): Promise<void> {
  const { id } = projectStore.getState();
  if (id === undefined) return;
  try {
    await project.dropVideo(id);
    projectStore.setState({ videoBytes: 0 });
  } catch (thrown) {
    notifyError(thrown);
  }
  void readRoom();
}
