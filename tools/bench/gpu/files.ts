import { copyFile, mkdtemp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { weightlessSam2 } from '../../../parity/weightlessSam2.ts';
import { writeOnnx } from '../../../workers/models/onnxFile.ts';
import { parseSam2Manifest } from '../../../workers/models/sam2Manifest.ts';
import { Network } from '../../graphs/tflite/network.ts';
import { root } from '../../setup.mjs';
import { EXPORTED, encoderPath } from '../benchRun.ts';

/** Where those files are that not every benchmark has. */
export interface FileRoots {
  /** In a dry run, what the page is given in place of the real models. */
  readonly tiny: ReadonlyMap<string, string> | undefined;
  readonly data: string | undefined;
  /** Folders of exports, by name. */
  readonly exported: ReadonlyMap<string, string>;
}

/** Where the page has a graph of one operator for both runtimes, in a dry run. */
export const TINY_GRAPH = { liteRt: 'models/double.tflite', onnx: 'models/double.onnx' } as const;

const CLIPS = 'clips/';
/** The fixture whose sizes and constants the tiny SAM 2 has. */
const FIXTURE = 'fixtures/models/sam2.1-tiny-random';

/** Where files lie that the page asks for; `undefined` for those that any benchmark has. */
export function filesOf({ tiny, data, exported }: FileRoots): (path: string) => string | undefined {
  return (path) => {
    if (path.startsWith(EXPORTED)) {
      const [name = '', ...rest] = path.slice(EXPORTED.length).split('/');
      return join(exported.get(name) ?? '', ...rest);
    }
    if (data !== undefined && path.startsWith(CLIPS)) return resolve(data, path.slice(CLIPS.length));
    return tiny?.get(path);
  };
}

/** Models that any GPU runs at once: the painted one in place of the embedded one, a SAM 2.1 without weights, and a graph of one operator. */
export async function writeTinyModels(): Promise<{
  readonly files: ReadonlyMap<string, string>;
  readonly exported: ReadonlyMap<string, string>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'masklet-gpu-'));
  const [liteRt, onnx] = [join(folder, 'double.tflite'), join(folder, 'double.onnx')];
  const dims = [1, 4, 4, 8];
  const network = new Network('float32');
  const x = network.input('x', dims);
  network.output('y', network.add(x, x));
  await writeFile(liteRt, network.write());
  const graph = {
    inputs: [{ name: 'x', dims }],
    nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
    outputs: [{ name: 'y', dims }],
  };
  await writeFile(onnx, writeOnnx({ name: 'double', ...graph }));
  const sam2 = join(folder, 'tiny');
  await writeWeightless(sam2);
  const painted = (file: string) => join(root, 'fixtures/models/painted', file);
  return {
    files: new Map([
      ...(['fp16', 'fp32'] as const).map((precision): [string, string] => [
        encoderPath(precision),
        painted('encoder.onnx'),
      ]),
      ['models/decoder.onnx', painted('decoder.onnx')],
      [TINY_GRAPH.liteRt, liteRt],
      [TINY_GRAPH.onnx, onnx],
    ]),
    exported: new Map([['tiny', sam2]]),
  };
}

/** Writes a folder as tools/export does, of graphs without weights. */
async function writeWeightless(folder: string): Promise<void> {
  await mkdir(folder);
  const text = await readFile(join(root, FIXTURE, 'manifest.json'), 'utf8');
  const manifest = parseSam2Manifest(JSON.parse(text));
  if (manifest.contract === 'hosted') throw new RangeError(`${FIXTURE} has not Masklet’s own contract.`);
  // They lack the outputs that only a click's readings need, which the manifest lists.
  const { tensors: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(rest));
  const constants = manifest.constants.path;
  await copyFile(join(root, FIXTURE, constants), join(folder, constants));
  const names = manifest.graphs.fp32 as Readonly<Record<string, { readonly path: string }>>;
  for (const [name, file] of Object.entries(weightlessSam2(manifest)))
    await writeFile(join(folder, names[name]?.path ?? name), file);
}
