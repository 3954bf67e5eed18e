import { readFile } from 'node:fs/promises';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  DEFAULT_SETTINGS,
  type ModelEvent,
  type TrackEvent,
  type TrackRequest,
} from '../../src/core/protocol/segmenter.ts';
import { MaskletError } from '../../src/core/errors.ts';
import { gpuFailure, type GpuFailureCode } from '../gpu/gpuFailure.ts';
import type { Clip } from '../media/clip.ts';
import { createNodeRuntime } from '../models/ortNode.ts';
import { propagate } from '../tracker/run/propagation.ts';
import { Sam2Model } from '../tracker/sam2/sam2Model.ts';
import { fixtureSource } from '../tracker/sam2/testing/fixtureSource.ts';
import { readParityFixture } from '../tracker/sam2/testing/parityFixture.ts';
import { weightsOf } from '../tracker/sam2/weights.ts';
import { StepTimer } from '../tracker/run/stepTimer.ts';
import { ModelHost, type Follow } from './modelHost.ts';
import { describeRestart } from './restart.ts';
import { loadModel, type LoadedModel, type LoadOptions } from './modelLoader.ts';

vi.mock('./modelLoader.ts');

/** The real model, on Node's runtime, which stands in for that of a GPU: it fails when it is told to. It is made once. */
const FIXTURES = new URL('../../fixtures/models/', import.meta.url);
const fixture = await readParityFixture('sam2.1-tiny-random', (path) => readFile(new URL(path, FIXTURES)));
const runtime = createNodeRuntime({ threads: 1 });
const model = await Sam2Model.load(runtime, fixture.manifest, weightsOf(fixture.files), new StepTimer());
const known = { manifest: fixture.manifest, base: undefined };
const clip = fixtureSource(fixture, 8) as Clip;

let gpu: AbortController;
let starts: LoadOptions['thrift'][];
let live: number;
let events: ModelEvent[];
let host: ModelHost;

function fail(code: GpuFailureCode = 'gpu-lost'): void {
  gpu.abort(gpuFailure(code, 'told to'));
}

async function load(): Promise<void> {
  for await (const event of host.load(known, new AbortController().signal)) void event;
}

beforeEach(async () => {
  [starts, live, events] = [[], 0, []];
  vi.mocked(loadModel).mockImplementation(async function* (_known, _timer, _signal, { devices, thrift }) {
    yield { type: 'compiling' };
    starts.push(thrift);
    const isOnGpu = (await devices.findGpu()) !== null;
    live++;
    gpu = new AbortController();
    const { id, name, family } = fixture.manifest;
    const device = { kind: isOnGpu ? ('webgpu' as const) : ('wasm' as const), label: 'test' };
    const loaded: LoadedModel = {
      ...{
        model,
        precision: 'fp32',
        stats: runtime.stats,
        failed: isOnGpu ? gpu.signal : new AbortController().signal,
      },
      budget: { featureBytes: 2 ** 20, objectsPerStep: 1, replaysStep: false },
      info: { id, name, family, device, weightBytes: 0, fromCache: true },
      version: { id, version: 'first' },
      dispose: () => {
        live--;
        return Promise.resolve();
      },
    };
    return loaded;
  });
  const found = {
    name: 'test',
    isEmulated: true,
    half: false,
    limits: {} as GPUSupportedLimits,
    open: () => Promise.reject(new Error()),
  };
  host = new ModelHost(new StepTimer(), { findGpu: () => Promise.resolve(found) }, (event) =>
    events.push(event),
  );
  host.setClip(clip);
  await load();
});

afterAll(() => model.dispose());

const mask = { width: 96, height: 64, counts: Uint32Array.of(1500, 1800, 2844) };
const request: TrackRequest = {
  objects: [{ objectId: 1, prompts: new Map([[0, { points: [], mask }]]) }],
  settings: DEFAULT_SETTINGS,
};

const follow: Follow = ({ model, features }, { objects, settings }, signal) =>
  propagate(clip, model, (...given) => features.use(...given), objects, signal, { settings });

/** A run's events; `strike` is told of each. */
async function run(strike: (event: TrackEvent) => void): Promise<TrackEvent[]> {
  const found: TrackEvent[] = [];
  for await (const event of host.follow(request, new AbortController().signal, follow)) {
    found.push(event);
    strike(event);
  }
  return found;
}

it('tells work which version of the model makes its masks', async () => {
  const madeBy = await host.use((ready) => Promise.resolve(ready.madeBy));
  expect(madeBy).toEqual({ id: fixture.manifest.id, version: 'first' });
});

describe('a run whose GPU fails', () => {
  it('goes on to the same masks as a run that nothing disturbs, and yields each frame once', async () => {
    const undisturbed = await run(() => undefined);
    const disturbed = await run(({ frame }) => frame === 2 && fail());
    expect(undisturbed.some(({ frame, objects }) => frame > 2 && objects[0]!.mask.counts.length > 1)).toBe(
      true,
    );
    expect(disturbed).toEqual(undisturbed);
    expect(events.map(({ type }) => type)).toEqual(['restarting', 'restarted']);
    expect(live).toBe(1);
  });

  it('does only the rest on the CPU, after it was tried with less memory', async () => {
    const frames = (
      await run(({ frame, objects }) => {
        expect(objects).toHaveLength(1);
        if (frame > 2) fail('gpu-memory');
      })
    ).map(({ frame, doneFrames, totalFrames }) => [frame, doneFrames, totalFrames]);
    expect(frames).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((frame) => [frame, frame + 1, 8]));
    expect(starts).toEqual(['none', 'features', 'objects', 'objects']);
    expect(host.loaded?.info.device.kind).toBe('wasm');
    expect(events.at(-1)).toMatchObject({ type: 'restarted', message: describeRestart('gpu-memory', false) });
  });
});

describe('work whose GPU fails', () => {
  it('is done again on the model that was started anew, one restart for all of it', async () => {
    let tries = 0;
    const work = () =>
      host.use(async () => {
        if (++tries <= 2) throw gpuFailure('gpu-lost', '');
        return Promise.resolve(tries);
      });
    expect(await Promise.all([work(), work()])).toEqual([3, 4]);
    expect(starts).toHaveLength(2);
    expect(live).toBe(1);
  });

  it('is not done again for another reason', async () => {
    const work = host.use(() => Promise.reject(new MaskletError('model-failed', 'It failed.')));
    await expect(work).rejects.toMatchObject({ code: 'model-failed' });
    expect(starts).toHaveLength(1);
  });

  it('is not done on another clip', async () => {
    const work = host.use(() => {
      host.setClip(fixtureSource(fixture, 3) as Clip);
      return Promise.reject(gpuFailure('gpu-lost', ''));
    });
    await expect(work).rejects.toMatchObject({ code: 'superseded' });
  });

  it('fails where the model cannot be started again, and says so', async () => {
    vi.mocked(loadModel).mockImplementation(async function* () {
      yield { type: 'compiling' };
      throw new MaskletError('model-unfit', 'It does not run here.');
    });
    const work = host.use(() => Promise.reject(gpuFailure('gpu-lost', '')));
    await expect(work).rejects.toMatchObject({ code: 'model-unfit' });
    const message = 'The graphics card was lost. It does not run here. Your work is kept.';
    expect(events.at(-1)).toEqual({ type: 'failed', message });
    await expect(host.use(() => Promise.resolve())).rejects.toMatchObject({ code: 'not-ready' });
  });
});

it('starts the model again where the GPU fails while nothing is done', async () => {
  fail();
  await vi.waitFor(() => expect(events.at(-1)?.type).toBe('restarted'));
  expect(starts).toHaveLength(2);
  expect(live).toBe(1);
});
