import type { ExportPreview, PreviewRequest } from '../../src/core/protocol/exporter.ts';
import type { FrameMasks, MaskedClip } from '../../src/core/maskedClip.ts';
import { Report } from '../../src/formats/report.ts';
import { withShapedMasks } from '../../src/formats/shapedClip.ts';
import { zipOverhead } from '../../src/formats/zip.ts';
import { formatOf, Pictures } from './writeExport.ts';

/** Paths that are shown, each of another of the first frames at most: a sample begins with as many. */
const SHOWN = 4;

/**
 * What an export would write: a few frames are written as all would be. What a file takes that is there for any number of frames, an
 * export without frames tells.
 */
export async function previewExport(request: PreviewRequest): Promise<ExportPreview> {
  const { clip, sample } = request;
  const some = await written(request, sample);
  if (sample.length === 0 || clip.frames.length <= sample.length)
    return { ...some, paths: some.paths.slice(0, SHOWN) };
  const none = await written(request, []);
  const each = (some.bytes - none.bytes) / sample.length;
  return { paths: some.paths.slice(0, SHOWN), bytes: Math.round(none.bytes + each * clip.frames.length) };
}

async function written(request: PreviewRequest, sample: readonly FrameMasks[]): Promise<ExportPreview> {
  const frames = sample.flatMap(({ at }) => request.clip.frames[at] ?? []);
  const pictures = new Pictures(request.video, frames);
  const clip: MaskedClip = withShapedMasks({
    ...request.clip,
    ...{ frames, ...pictures.ofClip() },
    async *frameMasks() {
      for (const [at, { masks }] of sample.entries()) yield { at, masks };
    },
  });
  const paths: string[] = [];
  let total = 0;
  try {
    for await (const { path, bytes } of formatOf(request).write(clip, request.options, new Report())) {
      paths.push(path);
      total += zipOverhead(path);
      if (bytes instanceof Uint8Array) total += bytes.length;
      else for await (const piece of bytes) total += piece.length;
    }
  } finally {
    await pictures.close();
  }
  return { paths, bytes: total };
}
