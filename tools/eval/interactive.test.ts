import { describe, expect, it } from 'vitest';
import type { Frame, FrameContent, FrameSource } from '../../src/core/frames.ts';
import type { FramePrompts } from '../../src/core/prompts.ts';
import { DEFAULT_SETTINGS } from '../../src/core/protocol/segmenter.ts';
import { decodeRle, encodeRle, rleArea, type MaskRle } from '../../src/core/rle.ts';
import type { SelectedMemories } from '../../workers/tracker/run/memoryBank.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { tensor } from '../../workers/models/graph.ts';
import type { PromptedMask, VideoModel } from '../../workers/tracker/videoModel.ts';
import type { EvalClip } from './clips.ts';
import { evaluateInteractive } from './interactive.ts';
import type { NextRule } from './nextRule.ts';

const SIZE = { width: 60, height: 20 };

function boxes(...list: [x: number, y: number][]): MaskRle {
  const pixels = new Uint8Array(SIZE.width * SIZE.height);
  for (const [x, y] of list) paint(pixels, x, y, 1);
  return encodeRle(pixels, SIZE);
}

/** A square of 9×9 round a point. */
function paint(pixels: Uint8Array, x: number, y: number, value: number): void {
  for (let row = y - 4; row <= y + 4; row++) {
    pixels.fill(value, row * SIZE.width + x - 4, row * SIZE.width + x + 5);
  }
}

const said: { frame: number; prompts: FramePrompts }[] = [];

/** Adds or takes away a square where it is clicked, and otherwise repeats the last prompted mask before the frame. */
class StampModel implements VideoModel<number, PromptedMask, PromptedMask> {
  readonly memoryRules = { recentKept: 0 };
  async encode(frame: FrameContent) {
    const { data } = await frame.pixels();
    return data[0]!;
  }
  featureBytes() {
    return 1;
  }
  async segment(frame: number, prompts: FramePrompts) {
    said.push({ frame, prompts });
    const pixels = prompts.prior ? decodeRle(prompts.prior) : new Uint8Array(SIZE.width * SIZE.height);
    for (const { x, y, label } of prompts.points) paint(pixels, Math.floor(x), Math.floor(y), label);
    return prediction(encodeRle(pixels, SIZE));
  }
  candidates() {
    return Promise.resolve([]);
  }
  async refine(_: number, rough: MaskRle) {
    return prediction(rough);
  }
  async track(_: number, objects: readonly SelectedMemories<PromptedMask>[]) {
    return objects.map(({ frame, conditioning }) => {
      const before = conditioning.filter((entry) => entry.frame < frame);
      return prediction((before[0] ?? conditioning[0])!.memory.mask);
    });
  }
  readonly finishesLater = false;
  async finish(_: number, drawn: readonly PromptedMask[]) {
    return [...drawn];
  }
  async memorize(_: number, predictions: readonly PromptedMask[]) {
    return [...predictions];
  }
  free() {}
  async dispose() {}
}

const prediction = (mask: MaskRle): PromptedMask => ({
  ...{ mask, logits: tensor(new Float32Array(0), [0]), score: 1 },
  present: rleArea(mask) > 0,
});

/** One square for two frames, then a second one too, then only the second. */
const truth = [
  ...[boxes([10, 10]), boxes([10, 10])],
  ...[boxes([10, 10], [40, 10]), boxes([10, 10], [40, 10])],
  ...[boxes([40, 10]), boxes([40, 10])],
];

const source: FrameSource = {
  info: {
    kind: 'video',
    ...SIZE,
    frameCount: 6,
    timestamps: new Float64Array(6),
    duration: 1,
    codec: 'none',
  },
  frame: async (index): Promise<Frame> => ({
    index,
    pixels: async () => ({ ...SIZE, data: new Uint8ClampedArray(4800).fill(index) }),
    close: () => undefined,
  }),
  async *frames(first, last) {
    for (let index = first; index <= last; index++) yield this.frame(index);
  },
  dispose: () => undefined,
};

const clip: EvalClip = { name: 'squares', content: 'squares', source, truth, first: truth[0]! };

async function evaluate(how: 'offline' | 'online', next: NextRule = 'worst') {
  said.length = 0;
  const evaluator = {
    model: new StampModel(),
    timer: new StepTimer(),
    files: undefined,
    cacheBytes: 100,
    settings: DEFAULT_SETTINGS,
  };
  const { steps } = await evaluateInteractive(evaluator, clip, how, next, () => undefined);
  return steps;
}

describe('interactive evaluation', () => {
  it('offline: clicks on the first frame, then on the worst, until all is right', async () => {
    const steps = await evaluate('offline');
    // After the first click frames 4 and 5 are all wrong; after those on frame 4, frames 2 and 3 lack the second square.
    expect(steps.map(({ frame }) => frame)).toEqual([0, 4, 2]);
    expect(steps.map(({ annotatedFrames }) => annotatedFrames)).toEqual([1, 2, 3]);
    expect(steps.map(({ clicks }) => clicks)).toEqual([1, 3, 4]);
    expect(steps.map(({ j }) => j)).toEqual([3 / 6, 5 / 6, 1].map((j): unknown => expect.closeTo(j)));
    expect(steps.at(-1)!.f).toBe(1);
  });

  it('online: stops at the first frame that is not good enough', async () => {
    const steps = await evaluate('online');
    expect(steps.map(({ frame }) => frame)).toEqual([0, 2, 4]);
    // From each of them, two frames are right: then the next goes wrong, or the clip ends.
    expect(steps.map(({ holds }) => holds)).toEqual([2, 2, 2]);
    expect(steps.at(-1)!.j).toBe(1);
  });

  it('goes by what the app knows with another rule: a model that is sure of wrong masks is not asked twice', async () => {
    expect(await evaluate('offline', 'gain')).toHaveLength(1);
  });

  it('corrects the mask that tracking had put there', async () => {
    await evaluate('online');
    const last = said.filter(({ frame }) => frame === 4).at(-1)!.prompts;
    expect(last.prior).toEqual(truth[2]);
    expect(last.points).toEqual([{ x: 10.5, y: 10.5, label: 0 }]);
  });
});
