import {
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  StreamTarget,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
  type StreamTargetChunk,
} from 'mediabunny';
import { MaskletError, throwIfAborted, toMaskletError } from '../../../src/core/errors.ts';
import type { VideoEvent, VideoRequest } from '../../../src/core/protocol/video.ts';
import { iteratePort } from '../../../src/core/stream.ts';
import type { Clip } from '../../media/clip.ts';
import { openClip } from '../../media/openClip.ts';
import { shapedFrames } from '../../../src/formats/shapedClip.ts';
import { onePass } from '../onePass.ts';
import { LookPainter } from './lookPainter.ts';
import { SoundCopy } from './soundCopy.ts';
import { findEncoding, type Encoding } from './videoKinds.ts';

/** Bytes of the file that go out at a time. */
const CHUNK_BYTES = 2 ** 20;

/**
 * Writes a video, and gives the bytes as they are made: the file's size has no part in the memory that it takes. Where
 * `isStopped` says so, the file ends after the frame that is being written, whole and playable.
 *
 * @throws MaskletError `codec-unsupported` if this browser encodes no such video, and what opening and decoding the clip throw
 */
export async function* videoFile(
  request: VideoRequest,
  isStopped: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<VideoEvent, void, undefined> {
  const clip = await openClip(request.file);
  const { readable, writable } = new TransformStream<VideoEvent, VideoEvent>();
  const out = writable.getWriter();
  const written = write(clip, request, isStopped, (event) => out.write(event), signal).then(
    () => out.close(),
    (thrown: unknown) => out.abort(thrown),
  );
  // Whoever reads is told by the stream.
  written.catch(() => undefined);
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    await written.catch(() => undefined);
    clip.dispose();
  }
}

/** Encodes the frames one after the other, each with the sound that goes with it. */
async function write(
  clip: Clip,
  request: VideoRequest,
  isStopped: () => boolean,
  tell: (event: VideoEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { info } = clip;
  const { first, last, colors, edges, look } = request;
  const encoding = await findEncoding(look, info);
  if (!encoding) throw noEncoder();
  const output = new Output({
    format: encoding.ending === '.mp4' ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat(),
    target: new StreamTarget(bytesTo(tell), { chunked: true, chunkSize: CHUNK_BYTES }),
  });
  const video = addVideo(output, encoding);
  const times = frameTimes(clip, first, last);
  const sound = await openSound(output, request.file, (info.sound?.startTime ?? 0) + times.start, tell);
  const painter = new LookPainter(info, request);
  const batches = iteratePort(request.masks, signal);
  const walk = shapedFrames(onePass(batches), edges, (at) => first + at);
  try {
    await output.start();
    let done = 0;
    for await (const frame of clip.frames(first, last, signal)) {
      const bitmap = await frame.bitmap().finally(() => frame.close());
      const { value: found } = await walk.next();
      const masks = Array.from(found?.masks ?? [], ([id, { mask }]) => ({
        mask,
        edge: edges.get(id),
        color: colors.get(id) ?? '#ffffff',
      }));
      painter.paint(bitmap, masks);
      bitmap.close();
      const { timestamp, duration } = times.of(frame.index);
      using sample = new VideoSample(painter.canvas, { timestamp, duration });
      await video.add(sample);
      await sound?.copyUntil(timestamp + duration);
      await tell({ type: 'frames', done: ++done });
      throwIfAborted(signal);
      if (isStopped()) break;
    }
    await output.finalize();
  } catch (thrown) {
    await output.cancel().catch(() => undefined);
    throw thrown;
  } finally {
    await sound?.close();
    await batches.return();
  }
}

function addVideo(output: Output, { id, alpha }: Encoding): VideoSampleSource {
  const source = new VideoSampleSource({
    codec: id,
    quality: QUALITY_HIGH,
    alpha: alpha ? 'keep' : 'discard',
    latencyMode: 'quality',
  });
  output.addVideoTrack(source, { canBeTransparent: alpha });
  return source;
}

/** A sound that the file cannot hold is left out, and a person is told. */
async function openSound(
  output: Output,
  file: Blob,
  start: number,
  tell: (event: VideoEvent) => Promise<void>,
): Promise<SoundCopy | undefined> {
  try {
    return await SoundCopy.open(file, output, start);
  } catch (thrown) {
    void tell({ type: 'note', sentence: toMaskletError(thrown).message });
    return undefined;
  }
}

/** When frames are shown, in seconds from the first one of the video: as in the clip, whatever its rate does. */
function frameTimes({ info }: Clip, first: number, last: number) {
  const { timestamps, duration, frameCount } = info;
  const start = timestamps[first] ?? 0;
  const endOf = (frame: number) => (frame + 1 < frameCount ? (timestamps[frame + 1] ?? duration) : duration);
  const usual = last > first ? ((timestamps[last] ?? 0) - start) / (last - first) : 1;
  return {
    start,
    of(frame: number): { timestamp: number; duration: number } {
      const at = timestamps[frame] ?? 0;
      const length = endOf(frame) - at;
      return { timestamp: at - start, duration: length > 0 ? length : usual };
    },
  };
}

function bytesTo(tell: (event: VideoEvent) => Promise<void>): WritableStream<StreamTargetChunk> {
  return new WritableStream({
    write: ({ position, data }) => tell({ type: 'bytes', position, bytes: data.slice() }),
  });
}

function noEncoder(): MaskletError {
  return new MaskletError(
    'codec-unsupported',
    'This browser encodes no such video. Chrome and Edge do; or export PNG files and make a video of them.',
  );
}
