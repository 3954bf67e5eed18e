import { FormatError } from '../../src/core/formatError.ts';
import type { ClipOutline, FrameMasks, MaskBatch, MaskedClip } from '../../src/core/maskedClip.ts';
import type { MaskFiles } from '../../src/core/protocol/exporter.ts';
import { detectFormat } from '../../src/formats/detect.ts';
import { hasEnding, type InputFile } from '../../src/formats/files.ts';
import type { FormatId } from '../../src/formats/formatFacts.ts';
import { FORMATS } from '../../src/formats/formats.ts';
import { Report } from '../../src/formats/report.ts';
import { zipFiles } from '../../src/formats/zip.ts';

/** Frames whose masks go to the UI thread at once. */
const BATCH_FRAMES = 64;

interface OpenMasks {
  readonly format: FormatId;
  readonly clip: MaskedClip;
  readonly report: Report;
}

/**
 * Finds out what files of masks are, and reads them.
 * @throws FormatError if nothing can be read of them
 */
export async function openMasks({ files, clip, size }: MaskFiles, signal?: AbortSignal): Promise<OpenMasks> {
  const [first] = files;
  const isZip = files.length === 1 && first !== undefined && hasEnding(first.path, '.zip');
  const inputs = isZip ? await zipFiles(first.file, first.path) : files.map(inputFile);
  const format = await detectFormat(inputs);
  const report = new Report();
  const options = { size, ...(clip !== undefined && { clip }), ...(signal && { signal }) };
  return { format, report, clip: await FORMATS[format].read(inputs, options, report) };
}

function inputFile({ path, file }: MaskFiles['files'][number]): InputFile {
  return {
    path,
    bytes: async (most = Infinity) => {
      if (file.size > most) throw new FormatError(`${path} is larger than ${most} bytes.`);
      return new Uint8Array(await file.arrayBuffer());
    },
  };
}

/** What is known of a clip, without its masks: it goes to the UI thread. */
export function outlineOf({
  name,
  width,
  height,
  frameCount,
  fps,
  frames,
  objects,
}: MaskedClip): ClipOutline {
  return { name, width, height, frameCount, ...(fps !== undefined && { fps }), frames, objects };
}

/** The masks of files, batch by batch. Ends with `aborted` when the signal fires. */
export async function* masksIn(
  files: MaskFiles,
  signal: AbortSignal,
): AsyncGenerator<MaskBatch, void, undefined> {
  const { clip } = await openMasks(files, signal);
  let frames: FrameMasks[] = [];
  for await (const frame of clip.frameMasks(signal)) {
    frames.push(frame);
    if (frames.length < BATCH_FRAMES) continue;
    yield { frames, isLast: false };
    frames = [];
  }
  yield { frames, isLast: true };
}
