import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Frame, FrameContent, FrameSource } from '../../src/core/frames.ts';
import type { PromptedObject } from '../../src/core/promptFile.ts';
import { DEFAULT_SETTINGS } from '../../src/core/protocol/segmenter.ts';
import { encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { readPng } from '../../src/core/testing/readPng.ts';
import type { MemoryRules, SelectedMemories } from '../../workers/tracker/run/memoryBank.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { tensor } from '../../workers/models/graph.ts';
import type { PromptedMask, VideoModel } from '../../workers/tracker/videoModel.ts';
import { UsageError } from '../node/usage.ts';
import { SETTING_OPTIONS } from '../node/settings.ts';
import { TrackingSession } from '../node/trackingSession.ts';
import type { RunIdentity } from './identity.ts';
import { OutputFolder } from './outputFolder.ts';
import { trackRun } from './trackRun.ts';

/** What is said of each part of a run's identity that has changed. */
const DIFFERENCES: Readonly<Record<keyof RunIdentity, string>> = {
  input: 'the input is not',
  prompts: 'the prompts are not',
  model: 'the model is not',
  precision: '--precision is not',
  program: 'the program is not',
  versions: 'the version of',
  range: 'the range is not',
  binary: '--binary is not',
  settings: 'the settings (',
};

const FRAMES = 14;
const SIZE = { width: 16, height: 4 };
const NAMES = Array.from({ length: FRAMES }, (_, i) => `f${i}`);

/** A memory is a number that depends on all memories before it: one that is lost or out of order shows in every later mask. */
interface HashMemory {
  readonly hash: number;
}

type HashPrediction = PromptedMask & HashMemory & { readonly prompted: boolean };

function predict(hash: number, prompted = false): HashPrediction {
  return predictionOf(
    hash,
    prompted,
    Uint8Array.from({ length: 64 }, (_, i) => (Math.imul(hash, i + 7) >>> 13) & 1),
  );
}

/** A mask that hardly changes: of six or seven columns. */
function predictSteadily(hash: number, prompted = false): HashPrediction {
  const pixels = Uint8Array.from({ length: 64 }, (_, i) => Number(i % 16 < 6 + (hash & 1)));
  return { ...predictionOf(hash, prompted, pixels), present: true };
}

function predictionOf(hash: number, prompted: boolean, pixels: Uint8Array): HashPrediction {
  return {
    ...{ hash, prompted },
    logits: tensor(new Float32Array(0), [0]),
    mask: encodeRle(pixels, SIZE),
    score: (hash % 97) / 97,
    present: hash % 5 !== 0,
  };
}

const mix = (values: readonly number[]) => values.reduce((h, v) => Math.imul(h ^ v, 2654435761) >>> 0, 17);

class HashModel implements VideoModel<number, HashMemory, HashPrediction> {
  readonly #predict: typeof predict;

  constructor(how: typeof predict) {
    this.#predict = how;
  }

  readonly memoryRules: MemoryRules<HashMemory> = {
    recentKept: 3,
    longTerm: {
      every: 2,
      most: 2,
      isTrusted: ({ hash }) => hash % 3 > 0,
      likeness: ({ memory: a }, { memory: b }) => -Math.abs(a.hash - b.hash),
      confidence: ({ hash }) => hash,
    },
  };
  async encode(frame: FrameContent) {
    const { data } = await frame.pixels();
    return data[0]!;
  }
  featureBytes() {
    return 1;
  }
  async segment(features: number) {
    return this.#predict(mix([features, 1]), true);
  }
  candidates() {
    return Promise.resolve([]);
  }
  async refine(_: number, rough: MaskRle) {
    return { mask: rough, score: 1, present: true };
  }
  async track(features: number, objects: readonly SelectedMemories<HashMemory>[]) {
    return objects.map(({ conditioning, longTerm, recent }) => {
      const memories = [...conditioning, ...longTerm, ...recent];
      return this.#predict(mix([features, ...memories.map(({ memory }) => memory.hash)]));
    });
  }
  readonly finishesLater = false;
  async finish(_: number, predictions: readonly HashPrediction[]) {
    return [...predictions];
  }
  async memorize(_: number, predictions: readonly HashPrediction[]) {
    return predictions.map(({ hash, present, prompted }) => (present || prompted ? { hash } : undefined));
  }
  free() {}
  async dispose() {}
}

const source: FrameSource = {
  info: {
    kind: 'video',
    ...SIZE,
    frameCount: FRAMES,
    timestamps: new Float64Array(FRAMES),
    duration: 1,
    codec: 'none',
  },
  frame: async (index): Promise<Frame> => ({
    index,
    pixels: async () => ({ ...SIZE, data: new Uint8ClampedArray(256).fill(index + 1) }),
    close: () => undefined,
  }),
  async *frames(first, last) {
    const step = first <= last ? 1 : -1;
    for (let index = first; index !== last + step; index += step) yield this.frame(index);
  },
  dispose: () => undefined,
};

const click = { points: [{ x: 1, y: 1, label: 1 as const }] };
const objects: PromptedObject[] = [
  {
    objectId: 2,
    name: 'a',
    prompts: new Map([
      [3, click],
      [9, click],
    ]),
  },
  { objectId: 7, name: 'b', prompts: new Map([[5, click]]) },
];
const identity: RunIdentity = {
  input: 'i',
  prompts: 'p',
  model: 'm',
  precision: 'fp32',
  program: 'x',
  versions: 'v',
  range: '0-13',
  binary: 'false',
  settings: '{}',
};

const root = await mkdtemp(join(tmpdir(), 'masklet-track-'));
afterAll(() => rm(root, { recursive: true }));

interface RunOptions {
  readonly resume?: boolean;
  readonly stopAfter?: number;
  readonly who?: RunIdentity;
  readonly output?: typeof OutputFolder;
  readonly isFast?: boolean;
}

/** Tracks into a folder and stops after some events, or never; afterwards a new process would find only the files. */
async function run(
  name: string,
  {
    resume = false,
    stopAfter = Infinity,
    who = identity,
    output: Output = OutputFolder,
    isFast = false,
  }: RunOptions = {},
) {
  const model = new HashModel(isFast ? predictSteadily : predict);
  const output = new Output({
    ...{ path: join(root, name), identity: who, madeBy: { id: 'm' }, size: SIZE, objects },
    ...{ names: NAMES, binary: false, resume },
  });
  const beginning = await output.open();
  const stop = new AbortController();
  let events = 0;
  try {
    if (beginning.at === 'end') return 'finished';
    await trackRun({
      session: new TrackingSession({ model, source, timer: new StepTimer() }),
      ...{ objects, output, names: NAMES, first: 0, signal: stop.signal },
      settings: { ...DEFAULT_SETTINGS, isFast, allowOverlap: isFast },
      saved: beginning.at === 'saved' ? beginning.saved : undefined,
      onFrame: () => {
        if (++events === stopAfter) stop.abort();
      },
    });
  } finally {
    await output.close();
  }
  return events;
}

async function contents(name: string): Promise<Map<string, string>> {
  const files = (await readdir(join(root, name))).sort();
  const read = async (file: string) => (await readFile(join(root, name, file))).toString('latin1');
  return new Map(await Promise.all(files.map(async (file) => [file, await read(file)] as const)));
}

const whole = await run('whole');
const expected = await contents('whole');

describe('a run', () => {
  it('writes every frame once all passes have been over it, and no file besides', () => {
    // Forward from 3, backward from 4, where the object of frame 5 still has to go.
    expect(whole).toBe(11 + 5);
    expect([...expected.keys()]).toEqual(
      [...NAMES.map((name) => `${name}.png`), 'run.json', 'scores.json'].sort(),
    );
    const ids = NAMES.map((name) => {
      const { pixels } = readPng(Buffer.from(expected.get(`${name}.png`)!, 'latin1'));
      return [...new Set(pixels)].sort((a, b) => a - b);
    });
    for (const set of ids) expect([0, 2, 7]).toEqual(expect.arrayContaining(set));
    expect(ids.flat()).toEqual(expect.arrayContaining([2, 7]));
  });

  it('gives each frame’s scores under its name', () => {
    const { version, model, frames } = JSON.parse(expected.get('scores.json')!) as {
      version: number;
      model: string;
      frames: { frame: number; name: string; objects: { id: number; status: string }[] }[];
    };
    expect({ version, model }).toEqual({ version: 1, model: 'm' });
    expect(frames.map(({ name }) => name)).toEqual(NAMES);
    expect(frames[3]!.objects.find(({ id }) => id === 2)!.status).toBe('prompted');
    for (const frame of frames)
      expect(frame.objects.map(({ id }) => id).sort((a, b) => a - b)).toEqual([2, 7]);
  });

  it.each(Array.from({ length: 15 }, (_, i) => i + 1))(
    'stopped after %i frames and gone on with, is the same as one that was never stopped',
    async (stopAfter) => {
      const name = `stopped-${stopAfter}`;
      expect(await run(name, { stopAfter })).toBe(stopAfter);
      const kept = await contents(name);
      for (const [file, bytes] of kept) if (file.endsWith('.png')) expect(bytes).toBe(expected.get(file));
      expect(await run(name, { resume: true })).toBe(11 + 5 - stopAfter);
      expect(await contents(name)).toEqual(expected);
    },
  );

  it('gives the same masks where it is fast, wherever it is stopped', async () => {
    await run('fast', { isFast: true });
    const fast = await contents('fast');
    expect(fast.get('scores.json')).toContain('interpolated');
    for (let stopAfter = 1; stopAfter < 16; stopAfter++) {
      const name = `fast-${stopAfter}`;
      await run(name, { isFast: true, stopAfter });
      await run(name, { isFast: true, resume: true });
      expect(await contents(name)).toEqual(fast);
    }
  });

  it('can be stopped again and again', async () => {
    await run('often', { stopAfter: 2 });
    for (let i = 0; i < 6; i++) await run('often', { resume: true, stopAfter: 2 });
    await run('often', { resume: true });
    expect(await contents('often')).toEqual(expected);
  });

  it('starts anew where a frame or the state is missing', async () => {
    await run('gap', { stopAfter: 13 });
    await rm(join(root, 'gap/f9.png'));
    expect(await run('gap', { resume: true })).toBe(16);
    expect(await contents('gap')).toEqual(expected);
  });

  it('has nothing to do once it is finished', async () => {
    expect(await run('whole', { resume: true })).toBe('finished');
  });

  it('starts anew where the state is damaged or of another run', async () => {
    const state = join(root, 'torn/run.state');
    await run('torn', { stopAfter: 9 });
    const whole = await readFile(state);
    await run('foreign', { stopAfter: 9, who: { ...identity, prompts: 'q' } });
    const foreign = await readFile(join(root, 'foreign/run.state'));
    const flipped = Buffer.from(whole);
    flipped[whole.length - 9]! ^= 1;
    for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.alloc(0), flipped, foreign]) {
      await writeFile(state, bytes);
      expect(await run('torn', { resume: true, stopAfter: 9 })).toBe(9);
    }
    expect(await run('torn', { resume: true })).toBe(16 - 9);
    expect(await contents('torn')).toEqual(expected);
  });

  it('takes no notice of what a killed process left half written', async () => {
    await mkdir(join(root, 'killed'));
    await writeFile(join(root, 'killed/run.json.4711.tmp'), '{');
    expect(await run('killed', { stopAfter: 5 })).toBe(5);
    await writeFile(join(root, 'killed/f4.png.4712.tmp'), 'PNG');
    expect(await run('killed', { resume: true })).toBe(16 - 5);
    expect(await contents('killed')).toEqual(expected);
  });

  it.each([
    '',
    '{',
    'null',
    '{"version":1,"identity":{"input":"i"}}',
    '{"version":2,"identity":{"input":1}}',
  ])('says in a sentence that run.json is damaged: %s', async (text) => {
    await run('unsaid', { stopAfter: 3, resume: true }).catch(() => undefined);
    await writeFile(join(root, 'unsaid/run.json'), text);
    const again = run('unsaid', { resume: true });
    await expect(again).rejects.toThrow(UsageError);
    await expect(again).rejects.toThrow('run.json is damaged');
  });

  it('is alone in its folder', async () => {
    const [first, second] = await Promise.allSettled([
      run('shared', { resume: true }),
      run('shared', { resume: true }),
    ]);
    const lost = first.status === 'rejected' ? first : second;
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'storage-busy' } });
    expect(await contents('shared')).toEqual(expected);
  });

  it('ends with the first of two errors: the disk is full, so that nothing can be saved either', async () => {
    class FullDisk extends OutputFolder {
      override writeFrame(): Promise<void> {
        return Promise.reject(new Error('the first'));
      }
      override saveState(): Promise<void> {
        return Promise.reject(new Error('the second'));
      }
      override writeScores(): Promise<void> {
        return Promise.reject(new Error('the third'));
      }
    }
    await expect(run('full', { output: FullDisk })).rejects.toThrow('the first');
  });

  it('does not take a file for a folder', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(run('file')).rejects.toThrow('file');
  });

  it.each(Object.entries(DIFFERENCES))('is not gone on with if its %s has changed', async (part, said) => {
    const other = run('whole', { resume: true, who: { ...identity, [part]: 'other' } });
    await expect(other).rejects.toThrow(`another run: ${said}`);
  });

  it('names each setting that may be the one that has changed', async () => {
    const other = run('whole', { resume: true, who: { ...identity, settings: 'other' } });
    for (const option of Object.keys(SETTING_OPTIONS)) await expect(other).rejects.toThrow(`--${option}`);
  });

  it('does not write over what is there', async () => {
    await expect(run('whole')).rejects.toThrow('is not empty');
    await expect(run('stray', { resume: true })).resolves.toBe(16);
    await rm(join(root, 'stray/run.json'));
    await writeFile(join(root, 'stray/holiday.png'), '');
    await expect(run('stray', { resume: true })).rejects.toThrow('no run that --resume could go on with');
  });
});
