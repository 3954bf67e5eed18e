import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphRuntime } from '../../workers/models/graph.ts';
import type { WeightFile } from '../../workers/models/manifestParts.ts';
import {
  filesIn,
  forEachGraph,
  MASKLET_GRAPHS,
  parseSam2Manifest,
} from '../../workers/models/sam2Manifest.ts';
import { Sam2Model } from '../../workers/tracker/sam2/sam2Model.ts';
import type { StageTimer } from '../../workers/tracker/stageTimer.ts';
import { UsageError } from './usage.ts';

const MANIFEST = 'manifest.json';

/** Whether a path is a folder that `tools/export` wrote. */
export function isModelFolder(path: string): boolean {
  return existsSync(join(path, MANIFEST));
}

/** SAM 2, SAM 2.1 or EdgeTAM from a folder. @throws UsageError if a file of it is missing or altered. */
export async function loadSam2Folder(
  folder: string,
  runtime: GraphRuntime,
  timer: StageTimer,
): Promise<Sam2Model> {
  const manifest = parseSam2Manifest(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  if (manifest.contract !== 'masklet') throw new UsageError(`The model in ${folder} is of another contract.`);
  const files = filesIn(manifest, 'fp32');
  const graphs = await forEachGraph(MASKLET_GRAPHS, (name) => readWhole(folder, files[name]));
  const constants = await readWhole(folder, manifest.constants);
  return Sam2Model.load(runtime, manifest, { graphs, constants }, timer);
}

async function readWhole(folder: string, { path, bytes, sha256 }: WeightFile): Promise<Uint8Array> {
  const content = await readFile(join(folder, path)).catch((cause: unknown) => {
    throw new UsageError(`${join(folder, path)} cannot be read: the model in ${folder} is not complete.`, {
      cause,
    });
  });
  const hash = createHash('sha256').update(content).digest('hex');
  if (content.byteLength === bytes && hash === sha256) return content;
  throw new UsageError(`${join(folder, path)} is not the file that ${MANIFEST} describes: export it again.`);
}
