import { toMaskletError } from '../../core/errors.ts';
import type { FramePrompts } from '../../core/prompts.ts';
import type { Segmentation } from '../../core/protocol/segmenter.ts';
import { DecodePump } from './decodePump.ts';
import { withSegmentation, type PendingDecode } from '../../document/promptedMasks.ts';
import { modelStore, type ModelState } from '../model/modelStore.ts';
import { mayUseModel, onModelTurn } from '../model/modelTurn.ts';
import { modelWorkStore } from '../model/modelWorkStore.ts';
import { notifyError } from '../page/noticesStore.ts';
import { amendDocuments, currentDocument } from './objectsStore.ts';
import { giveUpPrompts, nextDecode, takeUpAllPrompts, takeUpPrompts } from './pendingPrompts.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { restarts } from '../workers/restarts.ts';
import { segmenter } from '../workers/workers.ts';

/** How long a decode that other work displaced waits, in milliseconds. */
const RETRY_DELAY = 300;

const pump = new DecodePump<PendingDecode, Segmentation>({
  next: () =>
    mayUseModel('prompts') ? nextDecode(currentDocument(), playbackStore.getState().frame) : undefined,
  run: ({ frame, prompts }) => segmenter.segment({ frame, prompts }),
  done: (decode, segmentation) => {
    restarts.segmenter.succeeded();
    amendDocuments((document) => withSegmentation(document, decode, segmentation));
  },
  failed: ({ prompts }, thrown) => {
    // After a crash the decode is still pending, and waits until the worker is back.
    const { code } = toMaskletError(thrown);
    if (code === 'worker-crashed') return;
    giveUpPrompts(prompts);
    // Other work took the model.
    if (code === 'superseded' || code === 'aborted' || code === 'disposed')
      setTimeout(() => retry(prompts), RETRY_DELAY);
    else notifyError(thrown);
  },
  onActive: (decoding) => modelWorkStore.setState({ decoding }),
});

function retry(prompts: FramePrompts): void {
  takeUpPrompts(prompts);
  pump.wake();
}

/** What one model could not decode, another may. */
function takeUpForModel(model: ModelState, before: ModelState): void {
  const [id, former] = [model, before].map((state) => (state.phase === 'ready' ? state.model.id : undefined));
  if (id !== undefined && id !== former) takeUpAllPrompts();
}

/** Decodes prompts as they change and whenever the model becomes ready. Returns what ends that. */
export function watchPrompts(): () => void {
  const ends = [modelStore.subscribe(takeUpForModel), onModelTurn(() => pump.wake())];
  return () => ends.forEach((end) => end());
}
