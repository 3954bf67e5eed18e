import type { Size } from '../../src/core/geometry.ts';
import type { Look } from '../../src/core/looks.ts';
import type { MaskBatch } from '../../src/core/maskedClip.ts';
import type {
  ExporterApi,
  ExportEvent,
  ExportPreview,
  ExportRequest,
  FoundMasks,
  MaskFiles,
  PreviewRequest,
} from '../../src/core/protocol/exporter.ts';
import type { VideoEvent, VideoKind, VideoRequest } from '../../src/core/protocol/video.ts';
import { pumpToPort, type Stream } from '../../src/core/stream.ts';
import { previewExport } from './preview.ts';
import { writeExport } from './writeExport.ts';

/** Writes masks to files and reads them, off the UI thread. */
export class ExportService implements ExporterApi {
  #isVideoEnded = false;

  write(request: ExportRequest, events: Stream<ExportEvent>): Promise<void> {
    return pumpToPort(
      events,
      (signal) => writeExport(request, signal),
      (event) => (event.type === 'bytes' ? [event.bytes.buffer] : []),
    );
  }

  preview(request: PreviewRequest): Promise<ExportPreview> {
    return previewExport(request);
  }

  async examine(files: MaskFiles): Promise<FoundMasks> {
    const { openMasks, outlineOf } = await import('./readMasks.ts');
    const { format, clip, report } = await openMasks(files);
    const left = { count: report.count, sentences: report.sentences };
    return { format, clip: outlineOf(clip), left };
  }

  async read(files: MaskFiles, batches: Stream<MaskBatch>): Promise<void> {
    const { masksIn } = await import('./readMasks.ts');
    return pumpToPort(batches, (signal) => masksIn(files, signal));
  }

  async videoKind(look: Look, size: Size): Promise<VideoKind | undefined> {
    const { findEncoding } = await import('./video/videoKinds.ts');
    const found = await findEncoding(look, size);
    return found && { ending: found.ending, mimeType: found.mimeType, codec: found.codec };
  }

  async video(request: VideoRequest, stream: Stream<VideoEvent>): Promise<void> {
    this.#isVideoEnded = false;
    const { videoFile } = await import('./video/videoFile.ts');
    return pumpToPort(
      stream,
      (signal) => videoFile(request, () => this.#isVideoEnded, signal),
      (event) => (event.type === 'bytes' ? [event.bytes.buffer] : []),
    );
  }

  endVideo(): Promise<void> {
    this.#isVideoEnded = true;
    return Promise.resolve();
  }
}
