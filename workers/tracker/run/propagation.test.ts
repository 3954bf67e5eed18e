import { describe, expect, it } from 'vitest';
import type { Frame, FrameSource } from '../../../src/core/frames.ts';
import { stretch } from '../../../src/core/geometry.ts';
import {
  DEFAULT_SETTINGS,
  type ObjectToTrack,
  type TrackSettings,
} from '../../../src/core/protocol/segmenter.ts';
import { emptyRle, encodeRle, rleArea } from '../../../src/core/rle.ts';
import { tensor } from '../../models/graph.ts';
import { cpuMaskMaker, type Finish } from '../masks/maskMaker.ts';
import type { FeatureLookup } from './featureLookup.ts';
import { propagate } from './propagation.ts';
import type { FinishedMask, MaskPrediction, PromptedMask, VideoModel } from '../videoModel.ts';

const SIDE = 6;
const SIZE = { width: SIDE, height: SIDE };
const FRAMES = 6;

/** A ring of object round one cell of background. */
const RING = Float32Array.from('......' + '.###..' + '.#.#..' + '.###..' + '......' + '......', (cell) =>
  cell === '#' ? 3 : -3,
);

const source: FrameSource = {
  info: {
    ...SIZE,
    kind: 'video',
    frameCount: FRAMES,
    timestamps: new Float64Array(FRAMES),
    duration: 1,
    codec: 'none',
  },
  frame: (index) => Promise.resolve(frameAt(index)),
  async *frames(from, to) {
    const step = to < from ? -1 : 1;
    for (let index = from; index !== to + step; index += step) yield await Promise.resolve(frameAt(index));
  },
  dispose: () => undefined,
};

function frameAt(index: number): Frame {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  return { index, pixels: () => Promise.resolve({ ...SIZE, data }), close: () => undefined };
}

type Predicted = MaskPrediction & PromptedMask;

function predicted(logits: Float32Array, score: number): Predicted {
  const mask = encodeRle(
    Uint8Array.from(logits, (logit) => Number(logit > 0)),
    SIZE,
  );
  const present = score > 0;
  return {
    ...{ score, present, mask: present ? mask : emptyRle(SIZE) },
    logits: tensor(present ? logits : logits.map(() => -1024), [1, 1, SIDE, SIDE]),
  };
}

/** As the models on the CPU finish their masks. */
const finishing = {
  finishesLater: false,
  async finish(_: number, predictions: readonly Predicted[], how: Finish): Promise<FinishedMask[]> {
    const place = { fit: stretch(SIZE, SIDE), video: SIZE };
    const { masks } = await cpuMaskMaker.finish(
      predictions.map(({ logits }) => logits),
      [],
      place,
      how,
    );
    return predictions.map(({ score, present }, i) => ({ score, present, mask: masks[i]! }));
  },
};

/** What is in the hole of the ring. */
const CORE = RING.map((_, cell) => (cell === 2 * SIDE + 2 ? 3 : -3));

/** Finds the ring on every frame, as sure of it as `scores` says; tells which frames it was reminded of. */
async function run(settings: Partial<TrackSettings>, shapes = [RING]) {
  const scores = [1, 0.9, 0.4, 0, 0.8, 0.9];
  const reminded: number[][] = [];
  let asked = 0;
  const model: VideoModel<number, number, Predicted> = {
    memoryRules: { recentKept: 9 },
    encode: () => Promise.reject(new Error('not needed')),
    featureBytes: () => 0,
    segment: () => Promise.resolve(predicted(shapes[asked++] ?? RING, 1)),
    candidates: () => Promise.resolve([]),
    refine: () => Promise.reject(new Error('not needed')),
    track: (frame, objects) =>
      Promise.resolve(
        objects.map(({ recent }, object) => {
          reminded[frame] = recent.map(({ memory }) => memory);
          return predicted(shapes[object] ?? RING, scores[frame] ?? 0);
        }),
      ),
    ...finishing,
    memorize: (frame, predictions) => Promise.resolve(predictions.map(() => frame)),
    free: () => undefined,
    dispose: () => Promise.resolve(),
  };
  const areas: number[] = [];
  const prompts = new Map([[0, { points: [{ x: 2, y: 1, label: 1 as const }] }]]);
  const objects = shapes.map((_, i) => ({ objectId: i + 1, prompts }));
  const events = propagate(
    source,
    model,
    (index, work) => work(index),
    objects,
    new AbortController().signal,
    { settings: { ...DEFAULT_SETTINGS, ...settings } },
  );
  for await (const { frame, objects: tracked } of events)
    areas[frame] = rleArea(tracked[0]?.mask ?? emptyRle(SIZE));
  return { reminded, areas };
}

describe('settings of a run', () => {
  it('remembers every tracked frame and leaves holes, as the SAM 2 paper does', async () => {
    const { reminded, areas } = await run({});
    expect(reminded[5]).toEqual([4, 3, 2, 1]);
    expect(areas).toEqual([8, 8, 8, 0, 8, 8]);
  });

  it('keeps doubtful and empty frames out of the memory', async () => {
    const { reminded } = await run({ skipDoubtful: true });
    expect(reminded[5]).toEqual([4, 1]);
  });

  it('fills small holes of tracked masks; a mask that a person asked for stays', async () => {
    const { areas } = await run({ fillHoles: true });
    expect(areas).toEqual([8, 9, 9, 0, 9, 9]);
  });

  it('leaves a hole in which another object is', async () => {
    const { areas } = await run({ fillHoles: true }, [RING, CORE]);
    expect(areas.slice(1, 3)).toEqual([8, 8]);
  });
});

describe('an object that lies on another', () => {
  /** The ring with what is in its hole, and sure of it. */
  const DISC = RING.map((logit, cell) => (CORE[cell]! > 0 ? 9 : 2 * logit));

  /** Areas by frame and object, and how many masks were kept apart when they were memorized. */
  async function follow(frames: readonly number[], overlapping: readonly number[] = []) {
    const shapes = [CORE, DISC];
    const together: number[] = [];
    let asked = 0;
    const model: VideoModel<number, number, Predicted> = {
      memoryRules: { recentKept: 1 },
      encode: () => Promise.reject(new Error('not needed')),
      featureBytes: () => 0,
      segment: () => Promise.resolve(predicted(shapes[asked++]!, 1)),
      candidates: () => Promise.resolve([]),
      refine: () => Promise.reject(new Error('not needed')),
      track: (_, all) => Promise.resolve(all.map((_, i) => predicted(shapes.slice(-all.length)[i]!, 0.9))),
      ...finishing,
      memorize: (frame, predictions) => {
        together.push(predictions.length);
        return Promise.resolve(predictions.map(() => frame));
      },
      free: () => undefined,
      dispose: () => Promise.resolve(),
    };
    const objects = frames.map((frame, i) => ({
      objectId: i + 1,
      prompts: new Map([[frame, { points: [{ x: 2, y: 1, label: 1 as const }] }]]),
      ...(i === 0 && { overlapping }),
    }));
    const areas: number[][] = [];
    const signal = new AbortController().signal;
    for await (const event of propagate(source, model, (index, work) => work(index), objects, signal))
      areas[event.frame] = event.objects.map(({ mask }) => rleArea(mask));
    return { areas, together: Math.max(...together.slice(2)) };
  }

  it('keeps its pixels, and so does the other one: a person prompted both on one frame', async () => {
    expect(await follow([0, 0])).toEqual({
      areas: Array.from({ length: FRAMES }, () => [1, 9]),
      together: 1,
    });
  });

  it('or it is known that it does', async () => {
    const { areas, together } = await follow([0, 1], [2]);
    expect(areas.slice(2)).toEqual(Array.from({ length: FRAMES - 2 }, () => [1, 9]));
    expect(together).toBe(1);
  });

  it('is kept apart from it where nobody knows', async () => {
    const { areas, together } = await follow([0, 1]);
    expect(areas[3]).toEqual([0, 9]);
    expect(together).toBe(2);
  });

  it('is kept apart from what the pass before has found, though the other one takes no part in this pass', async () => {
    // The second one is followed back over frame 1, which the first one has passed with the mask of both.
    expect((await follow([0, 2])).areas[1]).toEqual([0]);
    expect((await follow([0, 2], [2])).areas[1]).toEqual([9]);
  });
});

describe('what a run holds', () => {
  class Held {
    isFree = false;
  }

  /** Each memory is held until it is freed. */
  function holding() {
    const held: Held[] = [];
    const model: VideoModel<number, Held, Predicted> = {
      memoryRules: { recentKept: 2 },
      encode: () => Promise.reject(new Error('not needed')),
      featureBytes: () => 0,
      segment: () => Promise.resolve(predicted(RING, 1)),
      candidates: () => Promise.resolve([]),
      refine: () => Promise.reject(new Error('not needed')),
      track: (_, objects) =>
        Promise.resolve(
          objects.map(({ recent, conditioning }) => {
            const all = [...recent, ...conditioning];
            if (all.some(({ memory }) => memory.isFree))
              throw new Error('A memory was used after it was freed.');
            return predicted(RING, 0.4);
          }),
        ),
      ...finishing,
      memorize: (_, predictions) =>
        Promise.resolve(
          predictions.map(() => {
            const memory = new Held();
            held.push(memory);
            return memory;
          }),
        ),
      free(memory) {
        if (!(memory instanceof Held)) return;
        if (memory.isFree) throw new Error('A memory was freed twice.');
        memory.isFree = true;
      },
      dispose: () => Promise.resolve(),
    };
    return { model, live: () => held.filter(({ isFree }) => !isFree).length };
  }

  const prompts = new Map([[0, { points: [{ x: 2, y: 1, label: 1 as const }] }]]);
  const objects = [1, 2].map((objectId) => ({ objectId, prompts }));
  const start = (model: VideoModel<number, Held, Predicted>, settings: Partial<TrackSettings>) =>
    propagate(source, model, (index, work) => work(index), objects, new AbortController().signal, {
      settings: { ...DEFAULT_SETTINGS, ...settings },
    });

  it.each([{}, { skipDoubtful: true }])('is bounded, and freed at its end: %o', async (settings) => {
    const { model, live } = holding();
    let most = 0;
    for await (const { doneFrames } of start(model, settings)) {
      expect(doneFrames).toBeGreaterThan(0);
      most = Math.max(most, live());
    }
    expect(most).toBe('skipDoubtful' in settings ? 2 : 2 * 3);
    expect(live()).toBe(0);
  });

  it('is bounded, and freed at its end, of distractors as well: those that prompts find, and those that come later', async () => {
    const { model, live } = holding();
    const followed: number[][] = [];
    const withDistractors: typeof model = {
      ...model,
      findDistractor: () => Promise.resolve(predicted(CORE, 1)),
      track: async (frame, selected, areApart) => {
        const theirs = selected.flatMap(({ distractor }) => distractor ?? []);
        followed[frame] = theirs.map(({ conditioning: [first] }) => first?.frame ?? NaN);
        await model.track(frame, theirs, areApart);
        const found = await model.track(frame, selected, areApart);
        return found.map((each) => ({
          ...each,
          distractor: { ...predicted(CORE, 1), isNew: frame === 3 },
        }));
      },
    };
    let most = 0;
    for await (const { doneFrames } of start(withDistractors, {})) {
      expect(doneFrames).toBeGreaterThan(0);
      most = Math.max(most, live());
    }
    expect(followed.slice(1)).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [3, 3],
      [3, 3],
    ]);
    // The distractor of the prompted frame stays with that.
    expect(most).toBeLessThanOrEqual(2 * (3 + 3 + 1));
    expect(live()).toBe(0);
  });

  it('is freed where a fast run asks for frames that it does not remember', async () => {
    const { model, live } = holding();
    const asked: number[] = [];
    const reminded: number[][] = [];
    const track: typeof model.track = async (frame, selected, areApart) => {
      if (selected.length > 0) asked.push(frame);
      reminded[frame] = selected[0]?.recent.map((entry) => entry.frame) ?? [];
      const found = await model.track(frame, selected, areApart);
      return frame < 3 ? found : found.map(() => predicted(CORE, 0.9));
    };
    const frames: number[] = [];
    for await (const { frame } of start({ ...model, track }, { isFast: true })) frames.push(frame);
    // The sides of frames 3 and 4 share nothing.
    expect(asked).toEqual([2, 5, 3, 4]);
    expect(reminded[4]).toEqual([2]);
    expect(frames).toEqual([0, 1, 2, 3, 4, 5]);
    expect(live()).toBe(0);
  });

  it('is freed where the run is left', async () => {
    const { model, live } = holding();
    for await (const { doneFrames } of start(model, {})) if (doneFrames === 3) break;
    expect(live()).toBe(0);
  });
});

describe('where masks come later than their work is handed over', () => {
  /** Masks of a frame are there once they are asked for by `done`. */
  function deferring() {
    const order: string[] = [];
    const waiting: (() => void)[] = [];
    const model: VideoModel<number, number, Predicted> = {
      memoryRules: { recentKept: 2 },
      encode: () => Promise.reject(new Error('not needed')),
      featureBytes: () => 0,
      segment: () => Promise.resolve(predicted(RING, 1)),
      candidates: () => Promise.resolve([]),
      refine: () => Promise.reject(new Error('not needed')),
      track(frame, objects) {
        if (objects.length > 0) order.push(`begun ${frame}`);
        for (const done of waiting.splice(0)) done();
        return Promise.resolve(objects.map(() => predicted(RING, 0.9)));
      },
      memorize: (frame, predictions) => Promise.resolve(predictions.map(() => frame)),
      ...finishing,
      finishesLater: true,
      // The masks of a frame come when the next one is begun, and those of the last at once.
      async finish(frame, predictions, how) {
        if (frame < FRAMES - 1) await new Promise<void>((done) => waiting.push(done));
        return finishing.finish(frame, predictions, how);
      },
      free: () => undefined,
      dispose: () => Promise.resolve(),
    };
    return { model, order };
  }

  const objects = [{ objectId: 1, prompts: new Map([[0, { points: [{ x: 2, y: 1, label: 1 as const }] }]]) }];

  it('begins the next frame before it waits, and tells of every frame in order', async () => {
    const { model, order } = deferring();
    const run = propagate(source, model, (index, work) => work(index), objects, new AbortController().signal);
    for await (const { frame, objects: found } of run) {
      order.push(`told ${frame}`);
      expect(rleArea(found[0]!.mask)).toBe(8);
    }
    const told = Array.from({ length: FRAMES }, (_, frame) => `told ${frame}`);
    expect(order.filter((each) => each.startsWith('told'))).toEqual(told);
    for (let frame = 1; frame < FRAMES - 1; frame++)
      expect(order.indexOf(`begun ${frame + 1}`)).toBeLessThan(order.indexOf(`told ${frame}`));
  });

  /** Waits in the middle of each frame, for something that is handed over with it. `open` counts frames that are not closed. */
  function waiting() {
    const { model } = deferring();
    const order: string[] = [];
    const open = new Set<number>();
    const clip: FrameSource = {
      ...source,
      async *frames(from, to) {
        for (let index = from; index <= to; index++) {
          open.add(index);
          yield await Promise.resolve({ ...frameAt(index), close: () => void open.delete(index) });
        }
      },
    };
    const encoded = new Set<number>();
    const lookUp: FeatureLookup<number> = async (index, work) => {
      if (!encoded.has(index)) order.push(`encode ${index}`);
      encoded.add(index);
      return work(index);
    };
    model.finish = (...given) => finishing.finish(...given);
    model.track = async (frame, tracked, _, whileWaiting) => {
      order.push(`hand over ${frame}`);
      whileWaiting?.();
      await new Promise((resolve) => setTimeout(resolve));
      order.push(`found ${frame}`);
      return tracked.map(() => predicted(RING, 0.9));
    };
    return { order, open, run: propagate(clip, model, lookUp, objects, new AbortController().signal) };
  }

  it('hands the encoder the next frame before it waits for what it finds on a frame', async () => {
    const { order, open, run } = waiting();
    const told: number[] = [];
    for await (const { frame } of run) told.push(frame);
    expect(told).toEqual(Array.from({ length: FRAMES }, (_, frame) => frame));
    const frames = order.filter((each) => each.startsWith('encode'));
    expect(frames).toEqual(told.map((frame) => `encode ${frame}`));
    for (const frame of told.slice(0, -1)) {
      const [handed, next, found] = [`hand over ${frame}`, `encode ${frame + 1}`, `found ${frame}`];
      expect([handed, next, found].map((each) => order.indexOf(each))).toEqual([
        order.indexOf(handed),
        order.indexOf(handed) + 1,
        order.indexOf(handed) + 2,
      ]);
    }
    expect([...open]).toEqual([]);
  });

  it('closes the frame that it had encoded where it is stopped', async () => {
    const { order, open, run } = waiting();
    for await (const { frame } of run) if (frame === 1) break;
    expect(order).toContain('encode 3');
    expect([...open]).toEqual([]);
  });

  it('fails with what a mask failed with', async () => {
    const { model } = deferring();
    model.finish = (frame) => (frame === 3 ? Promise.reject(new Error('lost')) : Promise.resolve([]));
    const told: number[] = [];
    const run = propagate(source, model, (index, work) => work(index), objects, new AbortController().signal);
    await expect(async () => {
      for await (const { frame } of run) told.push(frame);
    }).rejects.toThrow('lost');
    expect(told).toEqual([0, 1, 2]);
  });
});

describe('what a run is reminded of', () => {
  const click = { points: [{ x: 2, y: 1, label: 1 as const }] };
  const behindOf = (...frames: number[]) => frames.map((frame) => ({ frame, mask: emptyRle(SIZE) }));

  /** The clip in either direction. */
  const bothWays: FrameSource = {
    ...source,
    async *frames(from, to) {
      const step = from <= to ? 1 : -1;
      for (let index = from; index !== to + step; index += step) yield await Promise.resolve(frameAt(index));
    },
  };

  interface ModelTraits {
    readonly forgets?: boolean;
    readonly findDistractor?: NonNullable<VideoModel<number, number, Predicted>['findDistractor']>;
  }

  /** By frame and direction, the frames whose tracked memories took part. */
  async function reminders(
    object: Omit<ObjectToTrack, 'objectId'>,
    { forgets = false, findDistractor, ...settings }: Partial<TrackSettings> & ModelTraits = {},
  ) {
    const reminded: Record<string, number[]> = {};
    const model: VideoModel<number, number, Predicted> = {
      memoryRules: { recentKept: 9, forgets },
      encode: () => Promise.reject(new Error('not needed')),
      featureBytes: () => 0,
      segment: () => Promise.resolve(predicted(RING, 1)),
      candidates: () => Promise.resolve([]),
      refine: () => Promise.reject(new Error('not needed')),
      track: (frame, objects) =>
        Promise.resolve(
          objects.map(({ recent, direction }) => {
            reminded[`${direction} ${frame}`] = recent.map(({ memory }) => memory);
            return predicted(RING, 0.9);
          }),
        ),
      ...finishing,
      memorize: (frame, predictions) => Promise.resolve(predictions.map(() => frame)),
      free: () => undefined,
      dispose: () => Promise.resolve(),
      ...(findDistractor && { findDistractor }),
    };
    const events = propagate(
      bothWays,
      model,
      (index, work) => work(index),
      [{ objectId: 1, ...object }],
      new AbortController().signal,
      { settings: { ...DEFAULT_SETTINGS, ...settings } },
    );
    for await (const { objects } of events) expect(objects).toHaveLength(1);
    return reminded;
  }

  it('includes what was tracked forward, on the first frames of the way back', async () => {
    const prompts = new Map([[2, click]]);
    const kept = await reminders({ prompts });
    expect(kept).toMatchObject({ 'backward 1': [3, 4, 5], 'backward 0': [1, 3, 4, 5] });
    expect(await reminders({ prompts }, { forgets: true })).toMatchObject({
      'backward 1': [],
      'backward 0': [1],
    });
  });

  it('includes what was tracked before a prompt that is passed', async () => {
    const prompts = new Map([
      [0, click],
      [3, click],
    ]);
    expect(await reminders({ prompts })).toMatchObject({ 'forward 4': [2, 1], 'forward 5': [4, 2, 1] });
    expect(await reminders({ prompts }, { forgets: true })).toMatchObject({
      'forward 4': [],
      'forward 5': [4],
    });
  });

  it('includes masks from before a prompt, but not around it where they are to be forgotten', async () => {
    const prompts = new Map([
      [0, click],
      [3, click],
    ]);
    const span = { direction: 'forward', first: 4, last: 5, behind: behindOf(2, 1), origin: 0 } as const;
    const object = { prompts, spans: [span] };
    expect((await reminders(object))['forward 4']).toEqual([2, 1]);
    expect((await reminders(object, { forgetAround: true }))['forward 4']).toEqual([]);
    // A model that forgets at prompts has never been told of them.
    expect((await reminders(object, { forgets: true }))['forward 4']).toEqual([]);
    const near = { ...object, spans: [{ ...span, first: 5, behind: behindOf(4, 2, 1) }] };
    expect((await reminders(near, { forgets: true }))['forward 5']).toEqual([4]);
    // Neither does one that is to forget what lies around a prompt that it passes.
    expect(await reminders({ prompts }, { forgetAround: true })).toMatchObject({
      'forward 4': [],
      'forward 5': [4],
    });
  });

  it('includes what looks like the object beside the nearest mask alone', async () => {
    const sought: number[] = [];
    const findDistractor = (frame: number) => {
      sought.push(frame);
      return Promise.resolve(undefined);
    };
    const span = { direction: 'forward', first: 4, last: 5, behind: behindOf(3, 2, 1), origin: 0 } as const;
    await reminders({ prompts: new Map([[0, click]]), spans: [span] }, { findDistractor });
    // On the prompted frame, and once of the three masks behind the start.
    expect(sought).toEqual([0, 3]);
  });
});
