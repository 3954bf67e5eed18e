import type { GraphRuntime } from '../../../models/graph.ts';
import {
  filesIn,
  forEachGraph,
  parseSam2Manifest,
  type MaskletGraph,
  MASKLET_GRAPHS,
  type MaskletManifest,
} from '../../../models/sam2Manifest.ts';
import { StageTimer } from '../../stageTimer.ts';
import { Sam2Model } from '../sam2Model.ts';
import type { FixtureClip, FixtureRun, Reference } from './fixture.ts';
import { replay, type Difference } from './replay.ts';

/** Reads a file of `fixtures/models/`. */
export type ReadFixture = (path: string) => Promise<Uint8Array>;

/** A tiny random model, a clip, and what the reference makes of it. `tools/export` writes them. */
export interface ParityFixture {
  readonly clip: FixtureClip;
  /** [frames, height, width, 3] */
  readonly rgb: Uint8Array;
  readonly manifest: MaskletManifest;
  readonly graphs: Readonly<Record<MaskletGraph, Uint8Array>>;
  readonly constants: Uint8Array;
  readonly reference: Reference;
  readonly values: Float32Array;
}

export async function readParityFixture(folder: string, read: ReadFixture): Promise<ParityFixture> {
  const json = async (path: string) => JSON.parse(new TextDecoder().decode(await read(path))) as unknown;
  const manifest = parseSam2Manifest(await json(`${folder}/manifest.json`));
  if (manifest.contract !== 'masklet') throw new RangeError(`${folder} is of another contract.`);
  const files = filesIn(manifest, 'fp32');
  const reference = (await json(`${folder}/reference.json`)) as Reference;
  const bytes = await read(`${folder}/${reference.file}`);
  const values = new Float32Array(bytes.byteLength / 4);
  new Uint8Array(values.buffer).set(bytes);
  const graphs = await forEachGraph(MASKLET_GRAPHS, (name) => read(`${folder}/${files[name].path}`));
  return {
    ...{ manifest, reference, values, graphs },
    clip: (await json('clip/clip.json')) as FixtureClip,
    rgb: await read('clip/clip.rgb'),
    constants: await read(`${folder}/${manifest.constants.path}`),
  };
}

/** Plays one of the fixture's runs on a runtime. */
export async function compareRun(
  fixture: ParityFixture,
  run: FixtureRun,
  runtime: GraphRuntime,
): Promise<Difference> {
  const manifest = {
    ...fixture.manifest,
    rules: { ...fixture.manifest.rules, conditioningFrames: run.max_cond_frames },
  };
  const model = await Sam2Model.load(runtime, manifest, fixture, new StageTimer());
  try {
    return await replay(model, { ...fixture, manifest }, run);
  } finally {
    await model.dispose();
  }
}
