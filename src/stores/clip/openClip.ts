import { MaskletError, toMaskletError } from '../../core/errors.ts';
import { oneAtATime } from '../../core/oneAtATime.ts';
import { refreshFrame, resetFrames } from './frames.ts';
import { openUnlessWorkIsLost } from '../page/leaving.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import { objectsStore, resetObjects, type ObjectsState } from '../work/objectsStore.ts';
import { pause, resetPlayback } from './playbackStore.ts';
import { scanClip } from './scan.ts';
import { openSound } from './sound.ts';
import { videoStore, type Clip } from './videoStore.ts';
import { fitView } from '../stage/viewStore.ts';
import { player, segmenter } from '../workers/workers.ts';

const SAMPLE = { url: 'samples/bigbuckbunny.mp4', name: 'bigbuckbunny.mp4' };

interface Former {
  readonly clip: Clip;
  readonly objects: ObjectsState;
}

let newest = 0;

/** The player has one clip, and a failure must find the former one in place. */
const inTurn = oneAtATime();

/** Opens a file that a person gave; asks first where that ends work. */
export function openGivenFile(file: File): void {
  openUnlessWorkIsLost(file.name, () => void openFile(file));
}

/** Opens the sample that comes with the app; asks first where that ends work. */
export function openSample(): void {
  openUnlessWorkIsLost(SAMPLE.name, () => void open(SAMPLE.name, fetchSample));
}

/** Opens a video or image in place of what is open. If that fails, what is open stays. */
export function openFile(file: File): Promise<void> {
  return open(file.name, () => Promise.resolve(file));
}

async function fetchSample(): Promise<File> {
  const response = await fetch(SAMPLE.url).catch(() => undefined);
  if (!response?.ok) {
    throw new MaskletError(
      'unknown',
      'The sample could not be fetched. Check the connection and try again, or open a file of your own.',
    );
  }
  return new File([await response.blob()], SAMPLE.name, { type: 'video/mp4' });
}

function open(name: string, getFile: () => Promise<File>): Promise<void> {
  const turn = ++newest;
  videoStore.setState({ phase: 'opening', opening: name });
  pause();
  return inTurn(async () => {
    if (turn !== newest) return;
    resetFrames();
    try {
      const file = await getFile();
      const info = await player.open(file);
      showClip({ name, file, info });
      const { missingFrames = 0 } = info;
      if (missingFrames > 0)
        notify(`“${name}” ends early: ${missingFrames} of its frames are missing. The others are here.`);
      if (info.firstFrameOnly)
        notify(
          `“${name}” is animated, but this browser can only open its first frame. Open it in Chrome or Edge, or convert it to a video.`,
        );
    } catch (thrown) {
      const error = toMaskletError(thrown);
      if (error.code === 'worker-crashed')
        notify(`“${name}” could not be opened: reading it stopped the decoder.`);
      else notifyError(error);
    }
    if (turn !== newest) return;
    videoStore.setState(({ clip }) => ({ phase: clip ? 'ready' : 'empty', opening: undefined }));
    refreshFrame();
  });
}

/** Shows a clip that the player has opened, and has the model's worker open it too. */
function showClip(clip: Clip): void {
  const before = videoStore.getState().clip;
  const former = before && { clip: before, objects: objectsStore.getState() };
  videoStore.setState({ clip, modelClip: 'none' });
  resetObjects();
  resetPlayback();
  fitView();
  void scanClip(clip);
  openSound(clip);
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
  if (clip === undefined) return;
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
    await player.open(former.clip.file).catch(notifyError);
    videoStore.setState({ phase: 'ready', clip: former.clip });
    void scanClip(former.clip);
    openSound(former.clip);
    resetObjects(former.objects);
    refreshFrame();
    await openInSegmenter().catch(notifyError);
  });
}

/** Has a player that was started again open the clip, and shows its frame. */
export function reopenInPlayer(): Promise<void> {
  return inTurn(async () => {
    const { clip } = videoStore.getState();
    resetFrames();
    if (clip === undefined) return;
    try {
      await player.open(clip.file);
      refreshFrame();
    } catch (thrown) {
      notifyError(thrown);
    }
  });
}
