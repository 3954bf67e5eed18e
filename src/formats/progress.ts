import type { MaskedClip } from '../core/maskedClip.ts';

/** A clip that tells how many of its frames a writer has taken; a writer may walk through it more than once. */
export function withProgress(clip: MaskedClip, onFrame: (frames: number) => void): MaskedClip {
  let frames = 0;
  return {
    ...clip,
    async *frameMasks(signal) {
      for await (const frame of clip.frameMasks(signal)) {
        yield frame;
        onFrame(++frames);
      }
    },
  };
}
