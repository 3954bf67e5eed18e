import { abortedError, MaskletError, toMaskletError } from '../../core/errors.ts';
import type { ClipInfo } from '../../core/clip.ts';
import { OPENED } from '../../core/workLog.ts';
import { oneAtATime } from '../../core/oneAtATime.ts';
import type { ProjectScan } from '../../core/protocol/project.ts';
import { refreshFrame, resetFrames } from './frames.ts';
import { openUnlessWorkIsLost } from '../page/leaving.ts';
import { clearClipNotices, notifyError, notifyProblem } from '../page/noticesStore.ts';
import { objectsStore, resetObjects, type ObjectsState } from '../work/objectsStore.ts';
import { pause, playbackStore, resetPlayback, type PlaybackState } from './playbackStore.ts';
import { isUnkept } from '../project/projectStore.ts';
import { leaveProject, returnToProject, type LeftProject } from '../project/saving.ts';
import type { Sample } from './samples.ts';
import { scanClip } from './scan.ts';
import { openSound } from './sound.ts';
import { logWork } from '../work/workLog.ts';
import { videoStore, type Clip } from './videoStore.ts';
import { fitView } from '../stage/viewStore.ts';
import { player, segmenter } from '../workers/workers.ts';

interface Former {
  readonly clip: Clip;
  readonly objects: ObjectsState;
  readonly project: LeftProject | undefined;
}

/** What a project brings along with its clip. */
export interface SavedWork {
  readonly objects: ObjectsState;
  readonly playback: Pick<PlaybackState, 'frame' | 'range'>;
  readonly scan: ProjectScan | undefined;
  /** Called when the clip is on the page, before its work is. */
  readonly attach: (clip: Clip) => void;
}

let newest = 0;

/** The player has one clip, and a failure must find the former one in place. */
const inTurn = oneAtATime();

/** Opens a file that a person gave; asks first where that ends work. */
export function openGivenFile(file: File, handle?: FileSystemFileHandle): void {
  openUnlessWorkIsLost(file.name, () => void openFile(file, handle));
}

/** Opens a sample that comes with the app; asks first where that ends work. */
export function openSample(sample: Sample): void {
  openUnlessWorkIsLost(sample.file, () => void open(sample.file, () => fetchSample(sample)));
}

const OPENING = 'A file is opening. Wait until it is here, or cancel it.';

/** Ends the opening that goes on now. A project's goes on: its video was opened before. */
let opening: AbortController | undefined;

/** Ends the opening of a file: what was open stays. */
export function cancelOpening(): void {
  opening?.abort();
}

/** Opens a video or image in place of what is open. If that fails, what is open stays. */
export function openFile(file: File, handle?: FileSystemFileHandle): Promise<void> {
  return open(file.name, () => Promise.resolve(file), handle);
}

async function fetchSample({ file, mimeType }: Sample): Promise<File> {
  const response = await fetch(`samples/${file}`).catch(() => undefined);
  if (!response?.ok) {
    throw new MaskletError(
      'unknown',
      'The sample could not be loaded. Check the connection and try again, or open a file of your own.',
    );
  }
  return new File([await response.blob()], file, { type: mimeType });
}

function open(name: string, getFile: () => Promise<File>, handle?: FileSystemFileHandle): Promise<void> {
  const turn = ++newest;
  videoStore.setState({ phase: 'opening', opening: name });
  pause();
  // What is done until then would go with the clip.
  if (isUnkept()) objectsStore.setState({ readOnly: OPENING });
  return inTurn(async () => {
    if (turn !== newest) return;
    resetFrames();
    const { signal } = (opening = new AbortController());
    // A demuxer at work hears nothing.
    signal.addEventListener('abort', () => player.stop());
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(abortedError()));
    });
    aborted.catch(() => undefined);
    try {
      const file = await Promise.race([getFile(), aborted]);
      const info = await player.open(file);
      showClip({ name, file, info, ...(handle && { handle }) });
      const { missingFrames = 0 } = info;
      if (missingFrames > 0)
        notifyProblem(
          `“${name}” ends early: ${missingFrames} of its frames are missing. The others can be used.`,
          { about: 'clip' },
        );
      if (info.firstFrameOnly)
        notifyProblem(
          `“${name}” is animated, but this browser can only open its first frame. Open it in Chrome or Edge, or convert it to a video.`,
          { about: 'clip' },
        );
    } catch (thrown) {
      const error = toMaskletError(thrown);
      if (error.code === 'worker-crashed')
        notifyProblem(`“${name}” could not be opened: the decoder stopped while reading it.`, {
          about: 'clip',
        });
      else notifyError(error);
      if (signal.aborted) await reopen();
    } finally {
      opening = undefined;
    }
    if (turn !== newest) return;
    videoStore.setState(({ clip }) => ({ phase: clip ? 'ready' : 'empty', opening: undefined }));
    if (objectsStore.getState().readOnly === OPENING) objectsStore.setState({ readOnly: undefined });
    refreshFrame();
  });
}

/**
 * Opens the clip of a project with its work, in place of what is open. `getFile` gives its video, or nothing where that is not at hand:
 * then the masks are there without it. If it fails, what is open stays.
 *
 * @throws what the player throws
 */
export function openSaved(
  { name, info, handle }: { name: string; info: ClipInfo; handle?: FileSystemFileHandle },
  file: Blob | undefined,
  work: SavedWork,
): Promise<void> {
  const turn = ++newest;
  videoStore.setState({ phase: 'opening', opening: name });
  pause();
  return inTurn(async () => {
    if (turn !== newest) return;
    resetFrames();
    try {
      const clip = { name, file, info: file ? await player.open(file) : info, ...(handle && { handle }) };
      showClip(clip, work);
    } finally {
      if (turn === newest) {
        videoStore.setState(({ clip }) => ({ phase: clip ? 'ready' : 'empty', opening: undefined }));
        refreshFrame();
      }
    }
  });
}

/** Closes what is open: the page is as it was at the start. Its project is saved first. */
export function closeClip(): Promise<void> {
  newest++;
  pause();
  const { done } = leaveProject();
  return inTurn(async () => {
    resetFrames();
    videoStore.setState({ phase: 'empty', clip: undefined, opening: undefined, modelClip: 'none' });
    void scanClip(undefined);
    resetObjects();
    resetPlayback();
    await done;
  });
}

/** Shows a clip that the player has opened, and has the model's worker open it too. */
function showClip(clip: Clip, work?: SavedWork): void {
  const before = videoStore.getState().clip;
  const objects = objectsStore.getState();
  const { left: project } = leaveProject();
  const former = before && { clip: before, objects, project };
  videoStore.setState({ clip, modelClip: 'none' });
  work?.attach(clip);
  resetObjects(work?.objects);
  resetPlayback();
  if (work) playbackStore.setState(work.playback);
  logWork('page', OPENED);
  fitView();
  clearClipNotices();
  void scanClip(clip, work?.scan);
  openSound(clip);
  if (clip.file === undefined) return;
  void openInSegmenter().catch((thrown: unknown) => {
    if (videoStore.getState().clip !== clip) return;
    notifyError(thrown);
    if (toMaskletError(thrown).code !== 'worker-crashed') void goBack(clip, former);
  });
}

let lastOpening = 0;

/** Has the model's worker open the clip. @throws what the worker throws. */
export async function openInSegmenter(): Promise<void> {
  const { clip } = videoStore.getState();
  if (clip?.file === undefined) return;
  const opening = ++lastOpening;
  videoStore.setState({ modelClip: 'opening' });
  try {
    await segmenter.open(clip.file);
    if (opening === lastOpening) videoStore.setState({ modelClip: 'ready' });
  } catch (thrown) {
    if (opening === lastOpening) videoStore.setState({ modelClip: 'none' });
    throw thrown;
  }
}

/** The model's worker cannot read a clip that the player shows: back to what was open before, unless another one is by now. */
function goBack(unreadable: Clip, former: Former | undefined): Promise<void> {
  return inTurn(async () => {
    if (videoStore.getState().clip !== unreadable) return;
    resetFrames();
    resetPlayback();
    if (former === undefined) {
      videoStore.setState({ phase: 'empty', clip: undefined, modelClip: 'none' });
      void scanClip(undefined);
      openSound(undefined);
      resetObjects();
      return;
    }
    if (former.clip.file) await player.open(former.clip.file).catch(notifyError);
    videoStore.setState({ phase: 'ready', clip: former.clip });
    void scanClip(former.clip);
    if (former.project) returnToProject(former.project);
    openSound(former.clip);
    resetObjects(former.objects);
    refreshFrame();
    await openInSegmenter().catch(notifyError);
  });
}

/** Has a player that was started again open the clip, and shows its frame. */
export function reopenInPlayer(): Promise<void> {
  return inTurn(reopen);
}

async function reopen(): Promise<void> {
  const { clip } = videoStore.getState();
  resetFrames();
  if (clip?.file === undefined) return;
  try {
    await player.open(clip.file);
    refreshFrame();
  } catch (thrown) {
    notifyError(thrown);
  }
}
