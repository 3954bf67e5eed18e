import { parseArgs } from 'node:util';
import { FORMAT_FACTS, type FormatId } from '../../src/formats/formatFacts.ts';
import type { Size } from '../../src/core/geometry.ts';
import { UsageError } from '../node/usage.ts';

const NAMES = Object.keys(FORMAT_FACTS) as FormatId[];

export const HELP = `Reads masks in one format and writes them in another.

  npm run convert -- IN OUT --format F [options]

  IN           a folder, a ZIP or a file of masks
  OUT          a new or empty folder; a ZIP, where it ends with .zip; or one file, where the format is one
  --format F   what to write: ${NAMES.join(', ')}
  --from F     what to read; found out where left out
  --clip NAME  which clip, where IN holds several
  --size WxH   of the frames, where the format does not say it
  --polygons   outlines instead of run lengths or masks, where the format knows both
  --help       this text

Exit codes: 0 all done; 1 failed; 2 the command line makes no sense; 3 done, but some masks did not fit and were left out.
More: docs/formats.md
`;

export interface ConvertOptions {
  readonly input: string;
  readonly output: string;
  readonly format: FormatId;
  readonly from: FormatId | undefined;
  readonly clip: string | undefined;
  readonly size: Size | undefined;
  readonly polygons: boolean;
}

/** @returns `undefined` if help is asked for. @throws UsageError if the command line makes no sense. */
export function parseConvertOptions(args: string[]): ConvertOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      from: { type: 'string' },
      clip: { type: 'string' },
      size: { type: 'string' },
      polygons: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const [input, output, ...more] = positionals;
  if (input === undefined || output === undefined || more.length > 0) {
    throw new UsageError(`IN and OUT are two paths, not ${positionals.length}.`);
  }
  if (values.format === undefined) throw new UsageError(`--format is missing: ${NAMES.join(', ')}.`);
  return {
    ...{ input, output, clip: values.clip, polygons: values.polygons },
    format: checkFormat('--format', values.format),
    from: values.from === undefined ? undefined : checkFormat('--from', values.from),
    size: values.size === undefined ? undefined : parseSize(values.size),
  };
}

/** @throws UsageError if there is no such format. */
export function checkFormat(option: string, name: string): FormatId {
  const found = NAMES.find((id) => id === name);
  if (found) return found;
  throw new UsageError(`${option} is one of ${NAMES.join(', ')}; not “${name}”.`);
}

function parseSize(text: string): Size {
  const match = /^(\d{1,4})x(\d{1,4})$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (match && width > 0 && height > 0) return { width, height };
  throw new UsageError(`--size is the width and height of the frames, as in 1280x720; not “${text}”.`);
}
