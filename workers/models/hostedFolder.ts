import { MaskletError } from '../../src/core/errors.ts';
import { malformed } from './manifestParts.ts';
import { HOSTED_GRAPHS, type HostedGraph, type Sam2Precision } from './sam2Manifest.ts';

export interface ListedFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Whether it is a graph that computes in half precision. */
  readonly isHalf?: boolean;
}

const CONSTANTS = 'constants.json';

/**
 * A manifest, as JSON, of a hosted export's folder as hubs have it: `onnx/NAME.onnx`, twins in half precision as
 * `onnx/NAME_fp16.onnx`, and `constants.json`. Graphs without a suffix may compute in half precision too.
 *
 * @param constants what `constants.json` says
 * @throws MaskletError `weights-missing` if a graph is not there; `weights-altered` if the constants are not such a model's
 */
export function describeHostedFolder(
  constants: Readonly<Record<string, unknown>>,
  files: readonly ListedFile[],
): Record<string, unknown> {
  const { image_size: imageSize, model } = constants;
  if (typeof imageSize !== 'number') throw malformed(`${CONSTANTS}: image_size`);
  const find = (path: string) => files.find((file) => file.path === path);
  const graphs: Partial<Record<Sam2Precision, Record<string, object>>> = {};
  for (const [precision, suffix] of [
    ['fp32', ''],
    ['fp16', '_fp16'],
  ] as const) {
    const found = HOSTED_GRAPHS.map((name) => [name, find(`onnx/${name}${suffix}.onnx`)] as const);
    if (!found.every((entry): entry is readonly [HostedGraph, ListedFile] => entry[1] !== undefined))
      continue;
    const isHalf = found.some(([, file]) => file.isHalf);
    graphs[isHalf ? 'fp16' : precision] = Object.fromEntries(
      found.map(([name, file]) => [name, describe(file)]),
    );
  }
  const file = find(CONSTANTS);
  if (!file || Object.keys(graphs).length === 0) {
    const missing = HOSTED_GRAPHS.find((name) => !find(`onnx/${name}.onnx`)) ?? CONSTANTS;
    throw new MaskletError(
      'weights-missing',
      `The folder has a ${CONSTANTS} but no onnx/${missing}.onnx: it is not a whole model.`,
    );
  }
  const name = typeof model === 'string' ? model.replaceAll(/[^\w.-]+/g, '-').replace(/^\W+/, '') : '';
  return {
    format: 'masklet-model-1',
    contract: 'five',
    name: name || 'sam2.1-video',
    family: 'sam2.1',
    licence: 'as its source says',
    image_size: imageSize,
    graphs,
    constants: describe(file),
  };
}

function describe({ path, bytes, sha256 }: ListedFile): object {
  return { file: path, bytes, sha256 };
}
