import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describeHostedFolder } from '../../workers/models/hostedFolder.ts';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import { computesInHalf } from '../../workers/models/onnxPrecision.ts';
import { parseJson, record, type WeightFile } from '../../workers/models/manifestParts.ts';
import { parseManifest, weightFiles, type ModelManifest } from '../../workers/models/manifest.ts';
import { parseSam2Manifest, type Sam2Precision } from '../../workers/models/sam2Manifest.ts';
import { EmbeddedModel } from '../../workers/tracker/embedded/embeddedModel.ts';
import { Sam2Model } from '../../workers/tracker/sam2/sam2Model.ts';
import { weightsOf } from '../../workers/tracker/sam2/weights.ts';
import type { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import { sha256 } from './sha256.ts';
import { UsageError } from './usage.ts';

const MANIFEST = 'manifest.json';
const CONSTANTS = 'constants.json';

/** Whether a path is a folder that `tools/export` wrote, or a hosted export as hubs have it. */
export function isModelFolder(path: string): boolean {
  return existsSync(join(path, MANIFEST)) || existsSync(join(path, CONSTANTS));
}

/** Whether a path is a model's folder with what a reference makes of it: a fixture of tests of parity. */
export function isParityFixture(path: string): boolean {
  return isModelFolder(path) && existsSync(join(path, 'reference.json'));
}

/**
 * A model from a folder: SAM 2, SAM 2.1 or EdgeTAM, or graphs in the place of the embedded model's.
 * @throws UsageError if a file of it is missing or altered.
 */
export async function loadModelFolder(
  folder: string,
  runtime: GraphRuntime,
  timer: StepTimer,
  precision: Sam2Precision,
): Promise<AnyVideoModel> {
  const manifest = await describeFolder(folder);
  const weights = weightsOf(await readModelFiles(folder, manifest, precision));
  if (manifest.family !== 'embedded') return Sam2Model.load(runtime, manifest, weights, timer);
  const [encoder, decoder] = [weights.file('encoder'), weights.file('decoder')];
  return EmbeddedModel.load(runtime, { encoder, decoder }, timer);
}

/** The files of the model in a folder, by what they are for. @throws UsageError if one is missing or altered */
export async function readModelFiles(
  folder: string,
  manifest: ModelManifest,
  precision: Sam2Precision,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const files = weightFiles(manifest, precision);
  if (!files) {
    const other = precision === 'fp32' ? 'fp16' : 'fp32';
    throw new UsageError(`The model in ${folder} has no graphs in ${precision}: say --precision ${other}.`);
  }
  const read: Record<string, Uint8Array> = {};
  for (const [name, file] of Object.entries(files)) {
    // The embedded model's manifest lies beside the folder of its files, that of a folder in it.
    const path = manifest.family === 'embedded' ? basename(file.path) : file.path;
    read[name] = await readModelFile(folder, { ...file, path });
  }
  return read;
}

/** The description of the model in a folder. @throws MaskletError if it is none */
export async function describeFolder(folder: string): Promise<ModelManifest> {
  const read = async (name: string) => parseJson(await readFile(join(folder, name), 'utf8'), name);
  if (existsSync(join(folder, MANIFEST))) return parseManifest(await read(MANIFEST));
  const names = await readdir(join(folder, 'onnx')).catch(() => []);
  const paths = [CONSTANTS, ...names.map((name) => `onnx/${name}`)];
  const listed = paths.map(async (path) => {
    const content = await readFile(join(folder, path));
    return { path, bytes: content.length, sha256: sha256(content), isHalf: computesInHalf(content) };
  });
  const constants = record(await read(CONSTANTS), CONSTANTS);
  return parseSam2Manifest(describeHostedFolder(constants, await Promise.all(listed)));
}

async function readModelFile(folder: string, { path, bytes, sha256: hash }: WeightFile): Promise<Uint8Array> {
  const content = await readFile(join(folder, path)).catch((cause: unknown) => {
    throw new UsageError(`${join(folder, path)} cannot be read: the model in ${folder} is not complete.`, {
      cause,
    });
  });
  if (content.length === bytes && (hash === undefined || sha256(content) === hash)) return content;
  throw new UsageError(`${join(folder, path)} is not the file that ${MANIFEST} describes: export it again.`);
}
