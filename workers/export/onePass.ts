import type { FrameMasks, MaskBatch } from '../../src/core/maskedClip.ts';

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
