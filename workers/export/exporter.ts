import type { ExporterApi, MaskZipRequest } from '../../src/core/protocol/exporter.ts';
import { pumpToPort, type Stream } from '../../src/core/stream.ts';
import { maskZip } from './maskZip.ts';

/** Writes masks to files, off the UI thread. */
export class ExportService implements ExporterApi {
  maskZip(request: MaskZipRequest, stream: Stream<Uint8Array>): Promise<void> {
    return pumpToPort(
      stream,
      (signal) => maskZip(request, signal),
      (chunk) => [chunk.buffer],
    );
  }
}
