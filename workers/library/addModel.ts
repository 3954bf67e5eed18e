import { MaskletError } from '../../src/core/errors.ts';
import type { FolderFile } from '../../src/core/protocol/library.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { describeHostedFolder, type ListedFile } from '../models/hostedFolder.ts';
import { keepAdded } from './library.ts';
import { parseManifest, weightFiles } from '../models/manifest.ts';
import { malformed, parseJson, PRECISIONS, record, type WeightFile } from '../models/manifestParts.ts';
import { computesInHalf } from '../models/onnxPrecision.ts';
import { HOSTED_GRAPHS } from '../models/sam2Manifest.ts';

const MANIFEST = 'manifest.json';
const CONSTANTS = 'constants.json';
/** A description of more bytes is none. */
const MAX_JSON_BYTES = 2 ** 22;
/** No model of the catalogue has an id with this prefix, so that an added one never takes its place. */
const ADDED = 'added-';

/**
 * Takes a model from the files of a folder: one that `tools/export` wrote (`manifest.json`), or one that was downloaded from a hub
 * (`constants.json` and the five graphs under `onnx/`). Gives its id.
 *
 * @throws MaskletError `weights-missing` if the folder has no model or a file is not in it; `weights-altered` if one is not what
 *   the manifest says; `storage-full`, `storage-failed`
 */
export async function addModel(given: readonly FolderFile[]): Promise<string> {
  const { json, files } = await describeFolder(given);
  const manifest = parseManifest(json);
  const id = `${ADDED}${manifest.id}`;
  const contents = new Map<WeightFile, File>();
  const missing: WeightFile[] = [];
  let complete = 0;
  for (const precision of PRECISIONS) {
    const wanted = Object.values(weightFiles(manifest, precision) ?? {});
    const absent = wanted.filter(({ path }) => !files.has(path));
    missing.push(...absent);
    if (wanted.length === 0 || absent.length > 0) continue;
    complete++;
    for (const file of wanted) {
      const content = files.get(file.path);
      if (content) contents.set(file, await checked(file, content));
    }
  }
  if (complete > 0) {
    await keepAdded(id, { ...json, id }, contents);
    return id;
  }
  const [first] = missing;
  throw new MaskletError(
    'weights-missing',
    `The folder has no file ${first?.path ?? MANIFEST}, which the model “${manifest.name}” needs. Drop the whole folder.`,
  );
}

interface DescribedFolder {
  /** The manifest, as it is written. */
  readonly json: Record<string, unknown>;
  /** By their paths relative to the manifest. */
  readonly files: ReadonlyMap<string, File>;
}

async function describeFolder(given: readonly FolderFile[]): Promise<DescribedFolder> {
  const byDepth = given.toSorted((a, b) => depth(a) - depth(b));
  const nameOf = ({ path }: FolderFile) => path.split('/').at(-1) ?? '';
  const found = byDepth.find((file) => nameOf(file) === MANIFEST || nameOf(file) === CONSTANTS);
  if (!found) {
    throw new MaskletError(
      'weights-missing',
      `The folder has no model in it: neither a ${MANIFEST} from Masklet’s tools/export nor a ${CONSTANTS} beside onnx/ from a hub.`,
    );
  }
  const root = found.path.slice(0, found.path.lastIndexOf('/') + 1);
  const inside = given.filter(({ path }) => path.startsWith(root));
  const files = new Map(inside.map(({ path, file }) => [path.slice(root.length), file]));
  const manifest = files.get(MANIFEST);
  if (manifest) return { json: await readJson(manifest, MANIFEST), files };
  const listed: ListedFile[] = [];
  // One after the other: each is hashed as a whole.
  for (const [path, file] of files) {
    if (path !== CONSTANTS && !HOSTED_GRAPHS.some((name) => path.includes(name))) continue;
    const content = new Uint8Array(await file.arrayBuffer());
    listed.push({
      path,
      bytes: file.size,
      sha256: await sha256(content),
      isHalf: computesInHalf(content),
    });
  }
  const constants = await readJson(found.file, CONSTANTS);
  return { json: describeHostedFolder(constants, listed), files };
}

async function readJson(file: File, name: string): Promise<Record<string, unknown>> {
  if (file.size > MAX_JSON_BYTES) throw malformed(name);
  return record(parseJson(await file.text(), name), name);
}

async function checked(file: WeightFile, content: File): Promise<File> {
  if (!file.sha256) throw malformed(`${file.path}: sha256`);
  const isRight = content.size === file.bytes && file.sha256 === (await hashOf(content));
  if (isRight) return content;
  throw new MaskletError(
    'weights-altered',
    `The file ${file.path} in the folder is not the one that its ${MANIFEST} describes. Export or download the model again.`,
  );
}

async function hashOf(file: File): Promise<string> {
  return sha256(await file.arrayBuffer());
}

function depth({ path }: FolderFile): number {
  return path.split('/').length;
}
