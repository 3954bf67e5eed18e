import type { FramePrompts } from '../../core/prompts.ts';
import type { MaskDocument } from '../../document/document.ts';
import { pendingDecodes, type PendingDecode } from '../../document/promptedMasks.ts';
import { currentDocument } from './objectsStore.ts';

/** Prompts that the model could not decode: not tried again until they change. */
let hopeless = new WeakSet<FramePrompts>();

/** Prompts whose mask is still to come, and will come. */
export function promptsToDecode(document: MaskDocument = currentDocument()): PendingDecode[] {
  return pendingDecodes(document).filter(({ prompts }) => !hopeless.has(prompts));
}

/** The decode that the person waits for most: on the frame at the playhead, else the latest. */
export function nextDecode(document: MaskDocument, frame: number): PendingDecode | undefined {
  const pending = promptsToDecode(document);
  return pending.findLast((decode) => decode.frame === frame) ?? pending.at(-1);
}

/** The model cannot decode the prompts. */
export function giveUpPrompts(prompts: FramePrompts): void {
  hopeless.add(prompts);
}

/** The prompts are as good as before. */
export function takeUpPrompts(prompts: FramePrompts): void {
  hopeless.delete(prompts);
}

/** What one model could not decode, another may. */
export function takeUpAllPrompts(): void {
  hopeless = new WeakSet();
}
