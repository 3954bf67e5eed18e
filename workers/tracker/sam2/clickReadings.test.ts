import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/frames.ts';
import type { ModelBox } from '../../../src/core/geometry.ts';
import { READINGS, type FramePrompts, type PointPrompt } from '../../../src/core/prompts.ts';
import { rleArea } from '../../../src/core/rle.ts';
import type { GraphRuntime, GraphSession } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { resizePlane } from '../input/resize.ts';
import { boundsAbove } from '../masks/grid.ts';
import { roughPrompts } from '../masks/roughPrompts.ts';
import { selectMemories } from '../run/memoryBank.ts';
import { StepTimer } from '../run/stepTimer.ts';
import { boxCorners } from './promptTokens.ts';
import type { ReadDecoded } from './decoded.ts';
import { givenLogits } from './givenMask.ts';
import { Sam2Model } from './sam2Model.ts';
import { frameOf } from './testing/fixture.ts';
import { readParityFixture } from './testing/parityFixture.ts';
import { weightsOf } from './weights.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);
const CLICK: PointPrompt = { x: 20, y: 24, label: 1 };
const FURTHER: PointPrompt = { x: 50, y: 40, label: 0 };

/** The runtime, as if decoders gave only the mask that they choose: what folders had before. */
function withoutTokens(runtime: GraphRuntime): GraphRuntime {
  return {
    ...{ stats: runtime.stats, tensors: runtime.tensors, dispose: () => runtime.dispose() },
    async load(name, file): Promise<GraphSession> {
      const session = await runtime.load(name, file);
      return { ...session, outputs: session.outputs.filter((output) => !output.name.startsWith('token_')) };
    },
  };
}

async function load(folder: string, wrap = (runtime: GraphRuntime) => runtime) {
  const fixture = await readParityFixture(folder, (path) => readFile(new URL(path, FIXTURES)));
  const runtime = wrap(createNodeRuntime({ threads: 1 }));
  const manifest = { ...fixture.manifest, tensors: undefined };
  const model = await Sam2Model.load(runtime, manifest, weightsOf(fixture.files), new StepTimer());
  const encode = (frame: number) => model.encode(contentOf(frameOf(fixture.clip, fixture.rgb, frame)));
  const features = await encode(0);
  const segment = (prompts: Partial<FramePrompts>) =>
    model.segment(features, { points: [CLICK], ...prompts });
  return { model, features, segment, encode };
}

const byFallingIou = (readings: readonly ReadDecoded[]) =>
  [...readings].sort((a, b) => b.predictedIou.data[0]! - a.predictedIou.data[0]!);

/** Logits as they go back into the decoder. */
function fedBack({ logits }: Pick<ReadDecoded, 'logits'>) {
  const data = logits.data.map((logit) => Math.max(-32, Math.min(32, logit)));
  return { width: 32, height: 32, data };
}

/** Model pixels: the clip is 96×64, the input 128×128. */
const inModel = ({ x, y, label }: PointPrompt) => ({ x: (x * 128) / 96, y: (y * 128) / 64, label });

describe('a decoder that gives the masks of all its tokens', async () => {
  const { model, features, segment, encode } = await load('edgetam-tiny-random');
  afterAll(() => model.dispose());
  const ranked = byFallingIou(await model.readings(features, CLICK));

  it('has three readings of its own, the likely ones first, each with its own pointer', async () => {
    expect(ranked).toHaveLength(3);
    for (const [reading, { logits, pointer, predictedIou }] of ranked.entries()) {
      const found = await segment({ reading });
      expect(found).toMatchObject({ present: true, pointer, predictedIou });
      expect(found.logits).toEqual(logits);
    }
    expect(new Set(ranked.map(({ pointer }) => JSON.stringify(pointer))).size).toBe(3);
    expect(await segment({})).toEqual(await segment({ reading: 0 }));
  });

  it('is asked for what lies round the most likely one beyond those', async () => {
    const found = await segment({ reading: 3 });
    expect(ranked.map(({ logits }) => logits)).not.toContainEqual(found.logits);
  });

  it('refines the reading that was chosen by further clicks, with its logits as mask prompt', async () => {
    const both = [inModel(CLICK), inModel(FURTHER)];
    for (const [reading, chosen] of ranked.entries()) {
      const refined = await segment({ points: [CLICK, FURTHER], reading });
      const expected = await model.decode(features, features.imageWithoutMemory, both, fedBack(chosen));
      expect(refined).toEqual(expected);
    }
  });

  it('decodes a rough mask anew with that mask, its box and a point inside', async () => {
    const { mask } = await segment({});
    const { box, inside } = roughPrompts(mask);
    const [from, to] = [
      inModel({ x: box.x0, y: box.y0, label: 1 }),
      inModel({ x: box.x1, y: box.y1, label: 1 }),
    ];
    const points = [
      ...boxCorners({ x0: from.x, y0: from.y, x1: to.x, y1: to.y }),
      inModel({ ...inside, label: 1 }),
    ];
    const rough = resizePlane(givenLogits(mask, 128), { width: 32, height: 32 });
    const expected = await model.decode(features, features.imageWithoutMemory, points, rough);
    const { score, present } = expected;
    expect(await model.refine(features, mask)).toEqual({ mask: expected.mask, score, present });
    const without = await model.decode(features, features.imageWithoutMemory, points);
    expect(without.score).not.toBe(score);
  });

  it('does not read a click whose mask is given, or that has a box', async () => {
    const box = { x0: 8, y0: 8, x1: 60, y1: 50 };
    expect(await segment({ reading: 1, box })).toEqual(await segment({ box }));
    const prior = (await segment({ reading: 2 })).mask;
    expect(await segment({ reading: 1, prior })).toEqual(await segment({ prior }));
  });

  it('is followed by the mask and the pointer of the reading that was chosen', async () => {
    const next = await encode(1);
    const follow = async (reading: number) => {
      const prompted = await segment({ reading });
      const [memory] = await model.memorize(features, [prompted]);
      expect(memory!.pointer).toBe(prompted.pointer);
      const memories = { conditioning: [{ frame: 0, memory: memory! }], longTerm: [], recent: [] };
      const place = { frame: 1, direction: 'forward', frameCount: 12 } as const;
      const [tracked] = await model.track(next, [selectMemories(memories, place)]);
      const [score] = await model.tensors.read([tracked!.objectScore]);
      return score.data[0]!;
    };
    expect(Math.abs((await follow(0)) - (await follow(1)))).toBeGreaterThan(0.01);
  });

  it('proposes all of them for a click', async () => {
    const candidates = await model.candidates(features, CLICK);
    const readings = await model.readings(features, CLICK);
    expect(candidates.map(({ logits }) => logits)).toEqual(readings.map(({ logits }) => logits.data));
    const likely = readings.findIndex(
      ({ predictedIou: { data } }) => data[0] === ranked[0]!.predictedIou.data[0],
    );
    expect(candidates[likely]!.mask()).toEqual((await segment({})).mask);
  });
});

describe('a decoder that takes the click for nothing', async () => {
  const { model, features, segment } = await load('sam2.1-tiny-random');
  afterAll(() => model.dispose());

  it('is overruled by a person who asks for another mask', async () => {
    expect((await segment({})).present).toBe(false);
    const [, second] = byFallingIou(await model.readings(features, CLICK));
    const found = await segment({ reading: 1 });
    expect(found).toMatchObject({ present: true, pointer: second!.pointer });
    expect(found.objectScore.data).toEqual(Float32Array.of(10));
    expect(found.logits).toEqual(second!.logits);
    expect(rleArea(found.mask)).toBeGreaterThan(0);
  });
});

describe('a decoder that gives the one mask that it chooses', async () => {
  const { model, features, segment } = await load('edgetam-tiny-random', withoutTokens);
  afterAll(() => model.dispose());

  it('has one reading, and proposes one mask', async () => {
    const likely = await segment({});
    expect(await model.readings(features, CLICK)).toMatchObject([{ logits: likely.logits }]);
    expect((await model.candidates(features, CLICK)).map(({ logits }) => logits)).toEqual([
      likely.logits.data,
    ]);
  });

  it('is asked for the click in a narrower box, and in a wider one', async () => {
    const { logits } = await segment({});
    const { x0, y0, x1, y1 } = boundsAbove({ width: 32, height: 32, data: logits.data }, 0)!;
    const click = inModel(CLICK);
    const decodeIn = (box: ModelBox) =>
      model.decode(features, features.imageWithoutMemory, [...boxCorners(box), click]);
    // 4 model pixels to a cell; drawn in by two thirds towards the click, or half as wide again round its middle.
    const drawn = (edge: number, to: number) => to + (4 * edge - to) / 1.5;
    const narrow = await decodeIn({
      ...{ x0: drawn(x0, click.x), y0: drawn(y0, click.y) },
      ...{ x1: drawn(x1, click.x), y1: drawn(y1, click.y) },
    });
    const wide = await decodeIn({
      ...{ x0: Math.max(0, 5 * x0 - x1), y0: Math.max(0, 5 * y0 - y1) },
      ...{ x1: Math.min(128, 5 * x1 - x0), y1: Math.min(128, 5 * y1 - y0) },
    });
    expect(narrow.logits).not.toEqual(wide.logits);
    // This random decoder finds nothing in either box, which ends the search.
    expect([rleArea(narrow.mask), rleArea(wide.mask)]).toEqual([0, 0]);
    expect(await segment({ reading: 1 })).toEqual(narrow);
    expect(await segment({ reading: 3 })).toEqual(wide);
  });
});

describe('a hosted export, which gives one mask', async () => {
  const { model, features, segment } = await load('sam2.1-tiny-random-five');
  afterAll(() => model.dispose());

  it('have no other reading of a click that they take for nothing', async () => {
    const likely = await segment({});
    expect(likely.present).toBe(false);
    for (let reading = 1; reading < READINGS; reading++) expect(await segment({ reading })).toEqual(likely);
    expect(await model.candidates(features, CLICK)).toMatchObject([{ logits: likely.logits.data }]);
  });
});
