import { readFile } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { Sam2Model } from '../../workers/tracker/sam2/sam2Model.ts';
import { fixtureSource } from '../../workers/tracker/sam2/testing/fixtureSource.ts';
import { readParityFixture } from '../../workers/tracker/sam2/testing/parityFixture.ts';
import { weightsOf } from '../../workers/tracker/sam2/weights.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { CACHE_BYTES, clickedObjects, FIXTURE_CLICKS } from './benchRun.ts';
import { measure } from './measure.ts';

const FIXTURES = new URL('../../fixtures/models/', import.meta.url);
const fixture = await readParityFixture('sam2.1-tiny-random', (path) => readFile(new URL(path, FIXTURES)));
const [runtime, timer] = [createNodeRuntime({ threads: 1 }), new StepTimer()];
const model = await Sam2Model.load(runtime, fixture.manifest, weightsOf(fixture.files), timer);
const subject = {
  ...{ runtime, timer, model },
  source: fixtureSource(fixture, 8),
  objects: (count: number) => clickedObjects(FIXTURE_CLICKS, count),
  cacheBytes: CACHE_BYTES.fixture,
};

afterAll(() => model.dispose());

it.each([1, 2, 8])('a tracked frame takes two runs of Masklet’s graphs: %i objects', async (count) => {
  const cost = await measure(subject, count, 4);
  expect(cost).toMatchObject({ objects: count, encoderRunsPerFrame: 1, ortRunsPerFrame: 2 });
  expect(cost).toMatchObject({ bytesUpPerFrame: 0, bytesDownPerFrame: 0, liveBuffers: 0 });
});

it('the time is that of the steps, and most of it is spent in the graphs', async () => {
  const { msPerFrame, stepMs, overheadShare } = await measure(subject, 1, 4);
  const stepped = Object.values(stepMs).reduce((sum, ms) => sum + ms, 0);
  expect(stepped).toBeGreaterThan(0);
  expect(stepped).toBeLessThanOrEqual(msPerFrame);
  expect(overheadShare).toBeGreaterThan(0);
  expect(overheadShare).toBeLessThan(1);
});
