import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePromptFile } from '../../src/core/promptFile.ts';
import { DEFAULT_SETTINGS } from '../../src/core/protocol/segmenter.ts';
import { encodeRle, rleIou } from '../../src/core/rle.ts';
import { readPng } from '../../src/core/testing/readPng.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import { EVERYTHING } from '../../workers/tracker/run/everything.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { maskWhere, PaintedClip } from '../../workers/tracker/testing/paintedClip.ts';
import { DECODER, ENCODER } from '../fixtures/paintedGraphs.ts';
import { TrackingSession } from '../node/trackingSession.ts';
import { everythingRun } from './everythingRun.ts';
import type { RunIdentity } from './identity.ts';
import { OutputFolder } from './outputFolder.ts';

const SIZE = { width: 320, height: 180 };
const FRAMES = 8;
const NAMES = Array.from({ length: FRAMES }, (_, i) => `f${i}`);

/** A white disc that moves right, and a gray one that is there from frame 3 on; black ground. */
const inWhite = (frame: number, x: number, y: number) => Math.hypot(x - 60 - 8 * frame, y - 60) < 26;
const inGray = (frame: number, x: number, y: number) => frame >= 3 && Math.hypot(x - 240, y - 120) < 30;

const clip = new PaintedClip(SIZE, FRAMES, (frame) => {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
  for (let at = 0; at < SIZE.width * SIZE.height; at++) {
    const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
    const gray = inWhite(frame, x, y) ? 250 : inGray(frame, x, y) ? 140 : 10;
    data.set([gray, gray, gray, 255], at * 4);
  }
  return { ...SIZE, data };
});

const identity: RunIdentity = {
  ...{ input: 'i', prompts: 'everything', model: 'm', precision: 'fp32', program: 'x', versions: 'v' },
  ...{ range: '0-7', binary: 'false', settings: '{}' },
};

const root = await mkdtemp(join(tmpdir(), 'masklet-everything-'));
afterAll(() => rm(root, { recursive: true }));

/** Runs into a folder; stops after some stretches, or never. */
async function run(name: string, { resume = false, stopAfter = Infinity } = {}): Promise<number> {
  const output = new OutputFolder({
    ...{ path: join(root, name), identity, madeBy: { id: 'painted' }, size: SIZE, objects: [], names: NAMES },
    ...{ binary: false, resume },
  });
  const beginning = await output.open();
  const timer = new StepTimer();
  const runtime = createNodeRuntime({ threads: 1 });
  const model = await EmbeddedModel.load(runtime, { encoder: ENCODER, decoder: DECODER }, timer);
  const stop = new AbortController();
  let events = 0;
  try {
    return await everythingRun({
      session: new TrackingSession({ model, source: clip, timer }),
      ...{ output, names: NAMES, first: 10, size: SIZE, settings: DEFAULT_SETTINGS, every: 4 },
      look: { ...EVERYTHING, side: 8 },
      signal: stop.signal,
      saved: beginning.at === 'saved' ? beginning.saved : undefined,
      onFrame: () => {
        if (++events === stopAfter) stop.abort();
      },
    });
  } finally {
    await output.close();
    await model.dispose();
  }
}

async function contents(name: string): Promise<Map<string, string>> {
  const files = (await readdir(join(root, name), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const texts = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(join(root, name).length), (await readFile(path)).toString('latin1')] as const;
  });
  return new Map((await Promise.all(texts)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('a run that follows everything', { timeout: 240_000 }, () => {
  it('finds both discs, one of them where it appears, and says so in files', async () => {
    expect(await run('whole')).toBe(FRAMES);
    const ids = new Map<string, number>();
    for (const [frame, name] of NAMES.entries()) {
      const { pixels } = readPng(await readFile(join(root, 'whole', `${name}.png`)));
      for (const [thing, isIn] of Object.entries({ white: inWhite, gray: inGray })) {
        const truth = maskWhere(SIZE, (x, y) => isIn(frame, x, y));
        const shares = [...new Set(pixels)].map((id) => {
          const mask = encodeRle(
            pixels.map((value) => Number(value === id)),
            SIZE,
          );
          return { id, iou: rleIou(mask, truth) };
        });
        const best = shares.reduce((a, b) => (b.iou > a.iou ? b : a));
        if (thing === 'gray' && frame < 3) continue;
        expect(best.iou, `${thing} on ${name}`).toBeGreaterThan(0.7);
        expect(ids.get(thing) ?? best.id).toBe(best.id);
        ids.set(thing, best.id);
      }
    }
    expect(ids.get('white')).not.toBe(ids.get('gray'));
    expect(ids.get('white')).not.toBe(0);
    const prompts = parsePromptFile(JSON.parse(await readFile(join(root, 'whole/prompts.json'), 'utf8')));
    const born = prompts.objects.map(({ prompts: entries }) => entries.map(({ frame }) => frame));
    expect(born).toContainEqual([10]);
    expect(born).toContainEqual([14]);
    const { mask } = prompts.objects[0]!.prompts[0]!;
    expect(await readdir(join(root, 'whole/prompts'))).toContain(mask?.slice('prompts/'.length));
  });

  it('stopped and gone on with, is the same', async () => {
    expect(await run('stopped', { stopAfter: 1 })).toBe(0);
    expect(await readdir(join(root, 'stopped'))).toEqual(['run.json', 'run.state']);
    expect(await run('stopped', { resume: true })).toBe(FRAMES);
    expect(await contents('stopped')).toEqual(await contents('whole'));
  });
});
