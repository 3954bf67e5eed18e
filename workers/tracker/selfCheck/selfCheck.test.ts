import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { problemsOf, reportOf } from '../../../src/core/modelReport.ts';
import type { ModelCheck, ModelCheckEvent } from '../../../src/core/protocol/modelCheck.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { EmbeddedModel } from '../embedded/embeddedModel.ts';
import { StepTimer } from '../run/stepTimer.ts';
import { Sam2Model } from '../sam2/sam2Model.ts';
import { readParityFixture } from '../sam2/testing/parityFixture.ts';
import { weightsOf } from '../sam2/weights.ts';
import type { AnyVideoModel } from '../videoModel.ts';
import { CHECK_FRAMES } from './paintedDisc.ts';
import { checkModel, type ModelOnCpu } from './selfCheck.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);
const read = (path: string) => readFile(new URL(path, FIXTURES));
const ABOUT = { id: 'a', name: 'A model', family: 'embedded', precision: 'fp32', device: 'CPU' } as const;

/** Masks what is as bright as the place that was clicked. */
async function painted() {
  const runtime = createNodeRuntime({ threads: 1 });
  const weights = {
    encoder: await read('painted/encoder.onnx'),
    decoder: await read('painted/decoder.onnx'),
  };
  const model: AnyVideoModel = await EmbeddedModel.load(runtime, weights, new StepTimer());
  return { model, stats: runtime.stats, about: ABOUT };
}

async function random() {
  const { manifest, files } = await readParityFixture('sam2.1-tiny-random', read);
  const runtime = createNodeRuntime({ threads: 1 });
  const model: AnyVideoModel = await Sam2Model.load(runtime, manifest, weightsOf(files), new StepTimer());
  return { model, stats: runtime.stats, about: ABOUT };
}

async function checkOf(
  given: Awaited<ReturnType<typeof painted>>,
  onCpu: () => Promise<ModelOnCpu | string> = () => Promise.resolve('There is no other.'),
): Promise<{ check: ModelCheck; events: ModelCheckEvent[] }> {
  const events: ModelCheckEvent[] = [];
  for await (const event of checkModel(given, onCpu, new AbortController().signal)) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'checked') throw new Error('Nothing was found.');
  return { check: last.check, events };
}

describe('the check of a model', () => {
  it('finds nothing wrong with one that masks the disc, and says what it took', async () => {
    const given = await painted();
    const { check, events } = await checkOf(given);
    await given.model.dispose();
    expect(problemsOf(check)).toEqual([]);
    // The clicked frame and ten tracked ones.
    expect(check.ious).toHaveLength(1 + 10);
    expect(check.graphs.map(({ name }) => name)).toContain('image encoder');
    expect(check.graphs.find(({ name }) => name === 'image encoder')?.runs).toBe(CHECK_FRAMES);
    expect(events.filter(({ type }) => type === 'frame')).toHaveLength(CHECK_FRAMES);
    const report = reportOf(check, 'Here');
    for (const part of ['A model', 'Nothing is wrong.', 'There is no other.', 'encoder', 'Here'])
      expect(report).toContain(part);
  });

  it('finds out one with random weights, and one that differs by device', async () => {
    const given = await random();
    const { check } = await checkOf(given, async () => ({
      model: (await painted()).model,
      dispose: () => Promise.resolve(),
    }));
    await given.model.dispose();
    expect(problemsOf(check)).toHaveLength(2);
    expect(reportOf(check, 'Here')).toContain('different masks');
  });

  it('frees what it takes', async () => {
    const given = await random();
    let disposed = 0;
    const same = await random();
    const { check } = await checkOf(given, () =>
      Promise.resolve({ model: same.model, dispose: () => Promise.resolve(void disposed++) }),
    );
    expect(check.gpuBesideCpu).toEqual({ iou: 1, largestDifference: 0 });
    // The clicked frame's features are those of the run.
    expect(given.stats.graphs['vision_encoder']?.runs).toBe(CHECK_FRAMES);
    expect(same.stats.graphs['vision_encoder']?.runs).toBe(1);
    expect(disposed).toBe(1);
    expect(given.stats.liveBuffers).toBe(0);
    await Promise.all([given.model.dispose(), same.model.dispose()]);
  });

  it('ends where it is cancelled', async () => {
    const given = await painted();
    const stop = new AbortController();
    const check = checkModel(given, () => Promise.resolve(''), stop.signal);
    await check.next();
    stop.abort();
    await expect(check.next()).rejects.toMatchObject({ code: 'aborted' });
    await given.model.dispose();
  });
});
