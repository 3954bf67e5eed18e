import { throwIfAborted } from '../../core/errors.ts';
import { framesBetween } from '../../document/exportScope.ts';
import { exporter } from '../workers/workers.ts';
import { videoTask, type VideoOrder } from './videoExport.ts';

/** Frames in the middle of a video that tell its size. */
const SAMPLE = 13;
/** A file holds the whole picture so often, and between these what has changed. Source: mediabunny's default. */
const SECONDS_BETWEEN_WHOLE = 2;

/**
 * About how many bytes a video will have: frames in its middle are encoded, one by itself and a few in a row. Nothing where it cannot be
 * written.
 *
 * @throws MaskletError `aborted`, and what writing a video throws
 */
export async function videoSize(order: VideoOrder, signal: AbortSignal): Promise<number | undefined> {
  const [first, last] = [order.scope.frames[0], order.scope.frames.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const total = last - first + 1;
  const begin = first + Math.max(0, Math.floor((total - SAMPLE) / 2));
  const end = Math.min(last, begin + SAMPLE - 1);
  const whole = await encodedBytes(order, begin, begin, signal);
  if (whole === undefined || begin === end) return whole;
  const row = await encodedBytes(order, begin, end, signal);
  if (row === undefined) return undefined;
  const { timestamps } = order.clip.info;
  const seconds = (timestamps[last] ?? 0) - (timestamps[first] ?? 0);
  const wholes = 1 + Math.floor(seconds / SECONDS_BETWEEN_WHOLE);
  return Math.round(wholes * whole + ((total - wholes) * (row - whole)) / (end - begin));
}

/** The bytes of a video of some of the frames, which is not kept. */
async function encodedBytes(
  order: VideoOrder,
  first: number,
  last: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const task = videoTask({ ...order, scope: { ...order.scope, frames: framesBetween(first, last) } });
  if (!task) return undefined;
  throwIfAborted(signal);
  let size = 0;
  for await (const event of exporter.video(task.request, task.passes, signal)) {
    if (event.type === 'bytes') size = Math.max(size, event.position + event.bytes.byteLength);
  }
  return size;
}
