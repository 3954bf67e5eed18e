import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/frames.ts';
import type { FramePrompts, PointPrompt } from '../../../src/core/prompts.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import type { Grid } from '../masks/grid.ts';
import { MemoryBank } from '../run/memoryBank.ts';
import { usePromptedMask } from '../run/promptedMask.ts';
import { StepTimer } from '../run/stepTimer.ts';
import type { Sam2Memory } from './contract.ts';
import { asTracked } from './promptDecoding.ts';
import { boxCorners } from './promptTokens.ts';
import type { Decoded } from './decoded.ts';
import { Sam2Model } from './sam2Model.ts';
import type { Sam2Features } from './features.ts';
import { frameOf, rectangleMask } from './testing/fixture.ts';
import { readParityFixture } from './testing/parityFixture.ts';
import { weightsOf } from './weights.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);
const FIRST: PointPrompt = { x: 20, y: 24, label: 1 };
const SECOND: PointPrompt = { x: 50, y: 40, label: 0 };

const { clip, rgb, manifest, files } = await readParityFixture('sam2.1-tiny-random', (path) =>
  readFile(new URL(path, FIXTURES)),
);
const runtime = createNodeRuntime({ threads: 1 });
const model = await Sam2Model.load(runtime, manifest, weightsOf(files), new StepTimer());
afterAll(() => model.dispose());
const features = new Map<number, Sam2Features>();
async function featuresOf(frame: number): Promise<Sam2Features> {
  const seen = features.get(frame) ?? (await model.encode(contentOf(frameOf(clip, rgb, frame))));
  features.set(frame, seen);
  return seen;
}

/** Model pixels: the clip is 96×64, the input 128×128. */
const inModel = ({ x, y, label }: PointPrompt) => ({ x: (x * 128) / 96, y: (y * 128) / 64, label });
/** What the decoder says; of an absent object, the logits alone would tell nothing. */
const said = ({ logits, objectScore, predictedIou }: Decoded) => ({ logits, objectScore, predictedIou });
const grid = (data: Float32Array): Grid => ({ width: 32, height: 32, data });
const bounded = (data: Float32Array) => grid(data.map((logit) => Math.max(-32, Math.min(32, logit))));

describe('a box and clicks', () => {
  it('go in one after the other: the mask of the box alone is what the first click corrects', async () => {
    const seen = await featuresOf(0);
    const box = { x0: 12, y0: 8, x1: 48, y1: 32 };
    const corners = boxCorners({ x0: 16, y0: 16, x1: 64, y1: 64 });
    const decode = (clicks: PointPrompt[], feedback?: Grid) =>
      model.decode(seen, seen.imageWithoutMemory, [...corners, ...clicks.map(inModel)], feedback);
    const alone = await decode([]);
    const once = await decode([FIRST], bounded(alone.logits.data));
    const twice = await decode([FIRST, SECOND], bounded(once.logits.data));
    expect(await model.segment(seen, { points: [], box })).toEqual(alone);
    expect(await model.segment(seen, { points: [FIRST], box })).toEqual(once);
    expect(await model.segment(seen, { points: [FIRST, SECOND], box })).toEqual(twice);
    expect(said(await decode([FIRST]))).not.toEqual(said(once));
  });
});

describe('a correction of a tracked mask', () => {
  const around = [
    { frame: 0, mask: rectangleMask(clip, [6, 12, 26, 34]), isPrompted: true },
    { frame: 2, mask: rectangleMask(clip, [16, 14, 34, 36]), isPrompted: false },
  ];
  const prior = rectangleMask(clip, [22, 14, 40, 36]);
  const prompts: FramePrompts = { points: [FIRST, SECOND], prior, around };
  const lookUp = async <Result>(frame: number, work: (seen: Sam2Features) => Promise<Result>) =>
    work(await featuresOf(frame));
  const maskOf = (given: FramePrompts) =>
    usePromptedMask(model, lookUp, { frame: 3, frameCount: 12, prompts: given }, said);

  it('is decoded on features that the masks around condition, with the logits that they give', async () => {
    const bank = new MemoryBank<Sam2Memory>(model.memoryRules);
    for (const { frame, mask, isPrompted } of around) {
      const seen = await featuresOf(frame);
      const [memory] = await model.memorize(seen, [await model.segment(seen, { points: [], mask })]);
      if (isPrompted) bank.addConditioning({ frame, memory: memory! });
      else bank.addTracked({ frame, memory: memory! });
    }
    const seen = await featuresOf(3);
    const memories = bank.select({ frame: 3, direction: 'forward', frameCount: 12 });
    const { predictions, conditioned } = await model.trackConditioned(seen, [memories], [false]);
    const [logits] = await model.tensors.read([predictions[0]!.logits]);
    const given = await model.givenMask(seen, prior);
    const feedback = asTracked(grid(given.logits.data), grid(logits.data));
    const once = await model.decode(seen, conditioned[0]!, [inModel(FIRST)], feedback);
    const both = [inModel(FIRST), inModel(SECOND)];
    const twice = await model.decode(seen, conditioned[0]!, both, bounded(once.logits.data));
    expect(await maskOf(prompts)).toEqual(said(twice));
    expect(await maskOf({ ...prompts, points: [FIRST] })).toEqual(said(once));
  });

  it('is the same again, whatever was decoded in between, and another without the masks around', async () => {
    const before = await maskOf(prompts);
    await maskOf({ ...prompts, around: around.slice(0, 1) });
    expect(await maskOf(prompts)).toEqual(before);
    expect(await maskOf({ points: prompts.points, prior })).not.toEqual(before);
  });

  it('is decoded without memories where nothing around was prompted, or a box takes the mask’s place', async () => {
    const plain = await maskOf({ points: prompts.points, prior });
    expect(await maskOf({ ...prompts, around: around.slice(1) })).toEqual(plain);
    const box = { x0: 12, y0: 8, x1: 48, y1: 32 };
    expect(await maskOf({ ...prompts, box })).toEqual(await maskOf({ points: prompts.points, box }));
  });
});

it('the logits of a tracked mask are those that memories give, where they say what is shown', () => {
  const stored = grid(Float32Array.of(10, 10, -10, -10));
  const again = grid(Float32Array.of(50, -3, 2, -1024));
  expect([...asTracked(stored, again).data]).toEqual([32, 10, -10, -32]);
});
