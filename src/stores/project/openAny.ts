import { openGivenFile } from '../clip/openClip.ts';
import { videoStore } from '../clip/videoStore.ts';
import { openUnlessWorkIsLost } from '../page/leaving.ts';
import { addProjectFile } from './projectList.ts';
import { giveVideo, openProject } from './projects.ts';

const PROJECT_FILE = /\.masklet$/i;

/** Opens a file that a person gave: a project's, the video that the open project lacks, or a video or image of its own. */
export function openAnyFile(file: File, handle?: FileSystemFileHandle): void {
  const { clip } = videoStore.getState();
  if (PROJECT_FILE.test(file.name)) openUnlessWorkIsLost(file.name, () => void openProjectFile(file));
  else if (clip && clip.file === undefined) void giveVideo(file, handle);
  else openGivenFile(file, handle);
}

async function openProjectFile(file: File): Promise<void> {
  const id = await addProjectFile(file);
  if (id !== undefined) await openProject(id);
}
