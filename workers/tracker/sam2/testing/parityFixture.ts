import type { GraphRuntime, RuntimeStats } from '../../../models/graph.ts';
import { weightFiles } from '../../../models/manifest.ts';
import { parseSam2Manifest, type Sam2Manifest } from '../../../models/sam2Manifest.ts';
import { StepTimer } from '../../run/stepTimer.ts';
import { Sam2Model } from '../sam2Model.ts';
import { weightsOf } from '../weights.ts';
import type { FixtureClip, FixtureRun, ParityFixture, Reference } from './fixture.ts';
import { replayPaper } from './paperReplay.ts';
import { replay, type Difference } from './replay.ts';

/** Reads a file of `fixtures/models/`. */
export type ReadFixture = (path: string) => Promise<Uint8Array>;

/** Reads a folder of `fixtures/models/`. @throws MaskletError if its manifest is not one */
export async function readParityFixture(folder: string, read: ReadFixture): Promise<ParityFixture> {
  const json = async (path: string) => JSON.parse(new TextDecoder().decode(await read(path))) as unknown;
  const manifest = parseSam2Manifest(await json(`${folder}/manifest.json`));
  const reference = (await json(`${folder}/reference.json`)) as Reference;
  const bytes = await read(`${folder}/${reference.file}`);
  const values = new Float32Array(bytes.byteLength / 4);
  new Uint8Array(values.buffer).set(bytes);
  const listed = weightFiles(manifest, 'fp32') ?? {};
  const files: Record<string, Uint8Array> = {};
  for (const [name, { path }] of Object.entries(listed)) files[name] = await read(`${folder}/${path}`);
  return {
    ...{ manifest, reference, values, files },
    clip: (await json('clip/clip.json')) as FixtureClip,
    rgb: await read('clip/clip.rgb'),
  };
}

/** Plays one of the fixture's runs on a new runtime. @param replaysStep whether the step may be replayed, which pads memories to fixed slots */
export async function compareRun(
  fixture: ParityFixture,
  run: FixtureRun,
  runtime: GraphRuntime,
  replaysStep = false,
): Promise<Difference & Pick<RuntimeStats, 'graphs'>> {
  const { rules } = fixture.manifest;
  const conditioningFrames = run.max_cond_frames === -1 ? rules.conditioningFrames : run.max_cond_frames;
  const manifest = { ...fixture.manifest, rules: { ...rules, conditioningFrames } } as Sam2Manifest;
  const model = await Sam2Model.load(runtime, manifest, weightsOf(fixture.files), new StepTimer(), {
    objectsPerStep: Infinity,
    replaysStep,
  });
  try {
    const play = fixture.reference.rules === 'paper' ? replayPaper : replay;
    return { ...(await play(model, { ...fixture, manifest }, run)), graphs: runtime.stats.graphs };
  } finally {
    await model.dispose();
  }
}
