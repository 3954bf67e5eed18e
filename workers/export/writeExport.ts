import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { ExportEvent, ExportRequest, ExportTask } from '../../src/core/protocol/exporter.ts';
import { iteratePort } from '../../src/core/stream.ts';
import type { ClipFrame, MaskedClip } from '../../src/core/maskedClip.ts';
import type { OutputFile } from '../../src/formats/files.ts';
import type { FormatId } from '../../src/formats/formatFacts.ts';
import { FORMATS, type MaskFormat } from '../../src/formats/formats.ts';
import { FramePixels } from '../../src/formats/framePixels.ts';
import { withProgress } from '../../src/formats/progress.ts';
import { Report } from '../../src/formats/report.ts';
import { withShapedMasks } from '../../src/formats/shapedClip.ts';
import { zipBytes } from '../../src/formats/zip.ts';
import type { Clip } from '../media/clip.ts';
import { openClip } from '../media/openClip.ts';
import { onePass } from './onePass.ts';

/**
 * Writes masks in a format. Masks are taken from the UI thread as they are needed, and files are made as their bytes are asked for: a
 * long clip takes no more memory than a short one. Whoever receives bytes owns them.
 * @throws FormatError if the format has no room for the clip; `aborted` when the signal fires
 */
export async function* writeExport(
  request: ExportRequest,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent, void, undefined> {
  const format = formatOf(request);
  const { clip, options } = request;
  const total = clip.frames.length * (format.passes?.(clip, options) ?? 1);
  const batches = iteratePort(request.masks, signal);
  const pictures = new Pictures(request.video, clip.frames);
  const report = new Report();
  let done = 0;
  let told = 0;
  const counted = withProgress(
    withShapedMasks({ ...clip, frameMasks: () => onePass(batches), ...pictures.ofClip() }),
    (frames) => {
      done = frames;
    },
  );
  const files = format.write(counted, { ...options, signal }, report);
  try {
    for await (const part of partsOf(request.container, files, signal)) {
      if (done > told) yield { type: 'frames', done: (told = done), total };
      yield part;
    }
    yield { type: 'frames', done: total, total };
    if (report.count > 0) yield { type: 'notes', sentences: report.sentences };
  } finally {
    await pictures.close();
    await batches.return();
  }
}

/** The pictures of a clip's frames. Its file is opened with the first one that is asked for. */
export class Pictures {
  readonly #video: Blob | undefined;
  readonly #frames: readonly ClipFrame[];
  #open: { readonly clip: Clip; readonly pixels: FramePixels } | undefined;

  constructor(video: Blob | undefined, frames: readonly ClipFrame[]) {
    this.#video = video;
    this.#frames = frames;
  }

  /** What they are to a writer; nothing where there is no file. */
  ofClip(): Pick<MaskedClip, 'pixels'> {
    const video = this.#video;
    if (video === undefined) return {};
    return {
      pixels: async (at, signal) => {
        if (this.#open === undefined) {
          const clip = await openClip(video);
          this.#open = { clip, pixels: new FramePixels(clip, this.#frames) };
        }
        return this.#open.pixels.at(at, signal);
      },
    };
  }

  async close(): Promise<void> {
    await this.#open?.pixels.close();
    this.#open?.clip.dispose();
  }
}

/** The format of a task. @throws MaskletError if there is none of that name */
export function formatOf({ format }: ExportTask): MaskFormat {
  if (Object.hasOwn(FORMATS, format)) return FORMATS[format as FormatId];
  throw new MaskletError('unknown', `There is no format ${format}.`);
}

/** The files as they go to the UI thread. Bytes are copied where the writer may need them again: whoever receives them may take them away. */
async function* partsOf(
  container: ExportRequest['container'],
  files: AsyncIterable<OutputFile>,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent, void, undefined> {
  if (container === 'zip') {
    for await (const bytes of zipBytes(files, signal)) yield { type: 'bytes', bytes };
    return;
  }
  for await (const { path, bytes } of files) {
    throwIfAborted(signal);
    if (container === 'folder') yield { type: 'file', path };
    if (bytes instanceof Uint8Array) yield { type: 'bytes', bytes: bytes.slice() };
    else for await (const piece of bytes) yield { type: 'bytes', bytes: piece.slice() };
  }
}
