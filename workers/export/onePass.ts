import type { FrameMasks } from '../../src/core/maskedClip.ts';
import type { MaskBatch } from '../../src/core/protocol/exporter.ts';

/** The masks of one walk through the clip, frame by frame. */
export async function* onePass(
  batches: AsyncGenerator<MaskBatch, void, undefined>,
): AsyncGenerator<FrameMasks, void, undefined> {
  for (;;) {
    const { done, value } = await batches.next();
    if (done || value === undefined) return;
    yield* value.frames;
    if (value.isLast) return;
  }
}
