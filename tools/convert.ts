/** `npm run convert`: reads masks in one format and writes them in another. See docs/formats.md. */
import { detectFormat } from '../src/formats/detect.ts';
import { formatFacts } from '../src/formats/formatFacts.ts';
import { FORMATS, type MaskFormat } from '../src/formats/formats.ts';
import { withProgress } from '../src/formats/progress.ts';
import { Report } from '../src/formats/report.ts';
import { HELP, parseConvertOptions } from './formats/convertOptions.ts';
import { openFiles, openOutput } from './formats/nodeFiles.ts';
import { Progress } from './node/progress.ts';
import { EXIT, runCommand, stopSignal } from './node/runCommand.ts';

/** Done, but not all of it: scripts must be able to tell. */
const SOME_LEFT_OUT = 3;

async function main(): Promise<number> {
  const options = parseConvertOptions(process.argv.slice(2));
  if (!options) {
    console.log(HELP);
    return EXIT.ok;
  }
  const { signal } = stopSignal();
  const format: MaskFormat = FORMATS[options.format];
  const files = await openFiles(options.input);
  const output = await openOutput(options.output, formatFacts(options.format).ending);
  const { clip: name, size, polygons } = options;
  const left = new Report();
  const read = FORMATS[options.from ?? (await detectFormat(files))].read;
  const clip = await read(files, { signal, ...(name && { clip: name }), ...(size && { size }) }, left);
  for (const sentence of left.sentences) console.error(sentence);
  if (left.count > left.sentences.length) console.error(`… and ${left.count - left.sentences.length} more.`);

  const progress = new Progress('convert');
  const total = clip.frames.length * (format.passes?.(clip, { polygons }) ?? 1);
  const counted = withProgress(clip, (frames) => progress.update(frames, total));
  const changed = new Report();
  const count = await output.write(format.write(counted, { polygons, signal }, changed));
  progress.end();
  for (const sentence of changed.sentences) console.error(sentence);
  console.error(
    `${clip.frames.length} frames of ${clip.objects.length} objects are in ${output.path} (${count} ${count === 1 ? 'file' : 'files'}).`,
  );
  return left.count > 0 ? SOME_LEFT_OUT : EXIT.ok;
}

await runCommand(main);
