import { toMaskletError } from '../../core/errors.ts';
import type { FramePrompts } from '../../core/prompts.ts';
import type { Segmentation } from '../../core/protocol/segmenter.ts';
import { DecodePump } from './decodePump.ts';
import {
  pendingDecodes,
  withSegmentation,
  type MaskDocument,
  type PendingDecode,
} from '../../document/document.ts';
import { modelStore, type ModelState } from '../model/modelStore.ts';
import { isModelReady, modelWorkStore } from '../model/modelWorkStore.ts';
import { notifyError } from '../page/noticesStore.ts';
import { amendDocuments, currentDocument, objectsStore } from './objectsStore.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { restarts } from '../workers/restarts.ts';
import { videoStore } from '../clip/videoStore.ts';
import { segmenter } from '../workers/workers.ts';

/** Prompts that the model could not decode: not tried again until they change. */
let hopeless = new WeakSet<FramePrompts>();

/** How long a decode that other work displaced waits, in milliseconds. */
const RETRY_DELAY = 300;

/** The decode that the person waits for most: on the frame at the playhead, else the latest. */
export function nextDecode(
  document: MaskDocument,
  frame: number,
  isHopeless: (prompts: FramePrompts) => boolean,
): PendingDecode | undefined {
  const pending = pendingDecodes(document).filter(({ prompts }) => !isHopeless(prompts));
  return pending.findLast((decode) => decode.frame === frame) ?? pending.at(-1);
}

const pump = new DecodePump<PendingDecode, Segmentation>({
  next: () =>
    isModelReady()
      ? nextDecode(currentDocument(), playbackStore.getState().frame, (prompts) => hopeless.has(prompts))
      : undefined,
  run: ({ frame, prompts }) => segmenter.segment({ frame, prompts }),
  done: (decode, segmentation) => {
    restarts.segmenter.succeeded();
    amendDocuments((document) => withSegmentation(document, decode, segmentation));
  },
  failed: ({ prompts }, thrown) => {
    // After a crash the decode is still pending, and waits until the worker is back.
    const { code } = toMaskletError(thrown);
    if (code === 'worker-crashed') return;
    hopeless.add(prompts);
    if (code === 'superseded' || code === 'aborted' || code === 'disposed')
      setTimeout(() => retry(prompts), RETRY_DELAY);
    else notifyError(thrown);
  },
  onActive: (decoding) => modelWorkStore.setState({ decoding }),
});

/** Other work took the model: the prompts are as good as before. */
function retry(prompts: FramePrompts): void {
  hopeless.delete(prompts);
  pump.wake();
}

/** True if a mask is still to come that will come. */
export function hasPendingDecodes(): boolean {
  return pendingDecodes(currentDocument()).some(({ prompts }) => !hopeless.has(prompts));
}

/** What one model could not decode, another may. */
function forgetHopeless(model: ModelState, before: ModelState): void {
  const [id, former] = [model, before].map((state) => (state.phase === 'ready' ? state.model.id : undefined));
  if (id !== undefined && id !== former) hopeless = new WeakSet();
}

/** Decodes prompts as they change and whenever the model becomes ready. Returns what ends that. */
export function watchPrompts(): () => void {
  const wake = () => pump.wake();
  const ends = [
    modelStore.subscribe(forgetHopeless),
    ...[objectsStore, modelStore, videoStore].map((store) => store.subscribe(wake)),
  ];
  return () => ends.forEach((end) => end());
}
