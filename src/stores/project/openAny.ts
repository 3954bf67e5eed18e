import { openGivenFile } from '../clip/openClip.ts';
import { videoStore } from '../clip/videoStore.ts';
import { openUnlessWorkIsLost } from '../page/leaving.ts';
import { openDialog } from '../page/uiStore.ts';
import { examineMasks } from '../work/importStore.ts';
import { addProjectFile } from './projectList.ts';
import { giveVideo, openProject } from './projects.ts';

const PROJECT_FILE = /\.masklet$/i;
/** Files that hold masks and nothing that can be opened by itself. A text may be anything: it goes in by the dialog alone. */
const MASK_FILE = /\.(?:zip|json|xml)$/i;

/** Opens a file that a person gave: a project's, masks for the open clip, the video that the open project lacks, or a video or image of its own. */
export function openAnyFile(file: File, handle?: FileSystemFileHandle): void {
  const { clip } = videoStore.getState();
  if (PROJECT_FILE.test(file.name)) openUnlessWorkIsLost(file.name, () => void openProjectFile(file));
  else if (clip && MASK_FILE.test(file.name)) {
    openDialog('import');
    void examineMasks([{ path: file.name, file }]);
  } else if (clip && clip.file === undefined) void giveVideo(file, handle);
  else openGivenFile(file, handle);
}

async function openProjectFile(file: File): Promise<void> {
  const id = await addProjectFile(file);
  if (id !== undefined) await openProject(id);
}
