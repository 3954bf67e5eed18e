import { readEntry, writeEntry } from './entries.ts';
import { readProjectFile, removeProjectFile, writeProjectFile } from './folders.ts';
import { savingError } from './savingError.ts';

/** What the copy of a project's video is called in the project's folder. */
const VIDEO = 'video';

/** Keeps a copy of a project's video. @param inTurn does what is short once nothing else is under way */
export async function writeVideo(
  id: string,
  video: Blob,
  inTurn: (note: () => Promise<void>) => Promise<void> = (note) => note(),
): Promise<void> {
  try {
    await writeProjectFile(id, VIDEO, video);
  } catch (thrown) {
    throw await savingError(id, thrown);
  }
  await inTurn(() => note(id, video.size));
}

/** Deletes the copy of a project's video. */
export async function deleteVideo(id: string): Promise<void> {
  await removeProjectFile(id, VIDEO);
  await note(id, 0);
}

/** The copy of a project's video; nothing where there is none. */
export async function readVideo(id: string): Promise<File | undefined> {
  const [entry, file] = [await readEntry(id), await readProjectFile(id, VIDEO)];
  // A copy that a crash cut short is none.
  return file && file.size > 0 && file.size === entry?.videoBytes ? file : undefined;
}

/** How large the copy is that a project has, whole or not; 0 if it has none. */
export async function videoSize(id: string): Promise<number> {
  return (await readProjectFile(id, VIDEO))?.size ?? 0;
}

async function note(id: string, videoBytes: number): Promise<void> {
  const entry = await readEntry(id);
  if (entry) await writeEntry({ ...entry, videoBytes });
}
