import { rleBytes } from '../core/compressedRle.ts';
import { MaskTrack } from '../core/maskTrack.ts';
import type { MaskDocument } from './document.ts';
import type { History } from './history.ts';

/** What undo may hold of masks that are not on the page any more, in bytes. */
export const HISTORY_BYTES = 256 << 20;

interface Known {
  readonly next: MaskDocument;
  readonly bytes: number;
}

const known = new WeakMap<MaskDocument, Known>();

/** Bytes of the masks of a state that the next state has not: what is kept only to undo the step between them. */
function bytesBetween(value: MaskDocument, next: MaskDocument): number {
  const former = known.get(value);
  if (former?.next === next) return former.bytes;
  let bytes = 0;
  for (const { id, track } of value.objects) {
    const after = next.objects.find((object) => object.id === id)?.track ?? MaskTrack.EMPTY;
    if (after === track) continue;
    for (const frame of track.changedFrames(after)) {
      const mask = track.get(frame)?.mask;
      if (mask !== undefined && mask !== after.get(frame)?.mask) bytes += rleBytes(mask);
    }
  }
  known.set(value, { next, bytes });
  return bytes;
}

/** A history whose past holds no more than some bytes of masks: its oldest steps go. The last step stays, however large it is. */
export function withinBytes(history: History<MaskDocument>, limit = HISTORY_BYTES): History<MaskDocument> {
  const { past, present } = history;
  let bytes = 0;
  for (let at = past.length - 1; at >= 0; at--) {
    const step = past[at];
    if (step === undefined) break;
    bytes += bytesBetween(step.value, past[at + 1]?.value ?? present);
    if (bytes > limit && at < past.length - 1) return { ...history, past: past.slice(at + 1) };
  }
  return history;
}
