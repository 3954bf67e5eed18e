import * as Comlink from 'comlink';
import type { MaskBatch } from '../core/maskedClip.ts';
import type { ExporterApi, ExportEvent, ExportRequest } from '../core/protocol/exporter.ts';
import type { VideoEvent, VideoRequest } from '../core/protocol/video.ts';
import { pumpToPort, streamChannel, type Stream } from '../core/stream.ts';
import { clientOf, type Client } from './client.ts';
import { PATIENCE, WorkerHost, type OnCrash } from './worker.ts';

/** The exporter as the UI thread calls it. */
export type ExporterClient = Omit<Client<ExporterApi>, 'write' | 'video'> & {
  /** Writes masks in a format and yields what the worker tells. */
  write(
    request: Omit<ExportRequest, 'masks'>,
    passes: Passes,
    signal: AbortSignal,
  ): AsyncGenerator<ExportEvent, void, undefined>;
  /** Writes a video and yields what the worker tells. */
  video(
    request: Omit<VideoRequest, 'masks'>,
    passes: Passes,
    signal?: AbortSignal,
  ): AsyncGenerator<VideoEvent, void, undefined>;
};

/** Masks of all frames in batches, the whole clip again and again, for as long as it is asked for more. */
export type Passes = () => AsyncGenerator<MaskBatch, void, undefined>;

/** The UI thread's client of the worker that writes masks to files. */
export function exporterClient(onCrash: OnCrash): ExporterClient {
  const host = new WorkerHost<ExporterApi>(
    (name) =>
      new Worker(new URL('../../workers/export.worker.ts', import.meta.url), { type: 'module', name }),
    { onCrash, patience: PATIENCE },
  );
  const client = clientOf<ExporterApi>(host, {
    write: 'streams',
    preview: 'answers',
    examine: 'answers',
    read: 'streams',
    videoKind: 'answers',
    video: 'streams',
    endVideo: 'answers',
  });
  return {
    ...client,
    write: (request, passes, signal) =>
      sending(passes, (masks) => client.write(Comlink.transfer({ ...request, masks }, [masks]), signal)),
    video: (request, passes, signal) =>
      sending(passes, (masks) => client.video(Comlink.transfer({ ...request, masks }, [masks]), signal)),
  };
}

/** What a worker tells that takes masks meanwhile, as it needs them. */
async function* sending<Event>(
  passes: Passes,
  start: (masks: Stream<MaskBatch>) => AsyncGenerator<Event, void, undefined>,
): AsyncGenerator<Event, void, undefined> {
  const [near, far] = streamChannel<MaskBatch>();
  void pumpToPort(near, passes);
  try {
    yield* start(far);
  } finally {
    near.close();
  }
}
