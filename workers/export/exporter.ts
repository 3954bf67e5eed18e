import type { ExporterApi, MaskZipRequest } from '../../src/core/protocol.ts';
import { pumpToPort } from '../../src/core/stream.ts';
import { maskZip } from './maskZip.ts';

/** Writes masks to files, off the UI thread. */
export class ExportService implements ExporterApi {
  maskZip(request: MaskZipRequest, port: MessagePort): Promise<void> {
    return pumpToPort(
      port,
      (signal) => maskZip(request, signal),
      (chunk) => [chunk.buffer],
    );
  }
}
