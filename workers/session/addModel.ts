import { MaskletError } from '../../src/core/errors.ts';
import type { FolderFile } from '../../src/core/protocol.ts';
import { describeFiveFolder } from '../models/fiveFolder.ts';
import { keepAdded } from '../models/library.ts';
import { parseManifest, weightFiles } from '../models/manifest.ts';
import { parseJson, PRECISIONS, record, type WeightFile } from '../models/manifestParts.ts';
import { sha256 } from '../models/weightFiles.ts';

const MANIFEST = 'manifest.json';
const CONSTANTS = 'constants.json';
/** No model of the catalogue has an id with this prefix, so that an added one never takes its place. */
const ADDED = 'added-';

/**
 * Takes a model from the files of a folder: one that `tools/export` wrote (`manifest.json`), or one that was downloaded from a hub
 * (`constants.json` and the five graphs under `onnx/`). Gives its id.
 *
 * @throws MaskletError `weights-missing` if the folder has no model or a file is not in it; `weights-altered` if one is not what
 *   the manifest says; `storage-full`
 */
export async function addModel(given: readonly FolderFile[]): Promise<string> {
  const { json, files } = await describeFolder(given);
  const manifest = parseManifest(json);
  const id = `${ADDED}${manifest.id}`;
  const contents = new Map<WeightFile, Uint8Array<ArrayBuffer>>();
  const missing: WeightFile[] = [];
  let complete = 0;
  for (const precision of PRECISIONS) {
    const wanted = Object.values(weightFiles(manifest, precision) ?? {});
    const absent = wanted.filter(({ path }) => !files.has(path));
    missing.push(...absent);
    if (wanted.length === 0 || absent.length > 0) continue;
    complete++;
    for (const file of wanted) contents.set(file, await readChecked(file, files.get(file.path)));
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
  const find = (name: string) => byDepth.find(({ path }) => path.split('/').at(-1) === name);
  const found = find(MANIFEST) ?? find(CONSTANTS);
  if (!found) {
    throw new MaskletError(
      'weights-missing',
      `The folder has no model in it: neither a ${MANIFEST} from Masklet’s tools/export nor a ${CONSTANTS} beside onnx/ from a hub.`,
    );
  }
  const root = found.path.slice(0, found.path.lastIndexOf('/') + 1);
  const inside = given.filter(({ path }) => path.startsWith(root));
  const files = new Map(inside.map(({ path, file }) => [path.slice(root.length), file]));
  const described = record(parseJson(await found.file.text(), found.path), found.path);
  if (found === find(MANIFEST)) return { json: described, files };
  const listed = Array.from(files, async ([path, file]) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { path, bytes: bytes.length, sha256: await sha256(bytes) };
  });
  return { json: describeFiveFolder(described, await Promise.all(listed)), files };
}

async function readChecked(file: WeightFile, content: File | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array((await content?.arrayBuffer()) ?? new ArrayBuffer(0));
  const hash = await sha256(bytes);
  if (bytes.length === file.bytes && hash === (file.sha256 ?? hash)) return bytes;
  throw new MaskletError(
    'weights-altered',
    `The file ${file.path} in the folder is not the one that its ${MANIFEST} describes. Export or download the model again.`,
  );
}

function depth({ path }: FolderFile): number {
  return path.split('/').length;
}
