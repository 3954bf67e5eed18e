import type { Frame, FrameSource } from '../../../../src/core/frames.ts';
import { frameOf, type ParityFixture } from './fixture.ts';

/** The fixtures' clip, played to and fro for as many frames as asked for. */
export function fixtureSource({ clip, rgb }: ParityFixture, frameCount: number): FrameSource {
  const { width, height } = clip;
  const turn = 2 * clip.frames - 2;
  const open = (index: number): Frame => {
    const at = index % turn;
    const picture = frameOf(clip, rgb, at < clip.frames ? at : turn - at);
    return { index, pixels: () => Promise.resolve(picture), close: () => undefined };
  };
  return {
    info: {
      ...{ kind: 'video', codec: 'fixture', width, height, frameCount },
      timestamps: Float64Array.from({ length: frameCount }, (_, i) => i / 24),
      duration: frameCount / 24,
    },
    frame: (index) => Promise.resolve(open(index)),
    async *frames(first, last) {
      const step = first <= last ? 1 : -1;
      for (let index = first; index !== last + step; index += step) yield open(index);
    },
    dispose: () => undefined,
  };
}
