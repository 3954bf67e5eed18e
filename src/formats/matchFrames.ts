import { frameAtTime } from '../core/clip.ts';
import type { ClipFrame } from '../core/maskedClip.ts';

/** How frames of masks are matched with those of a clip: by number, by time stamp, or one after the other. */
export type FrameMatching = 'number' | 'time' | 'order';

/** A clip that masks are to fit. */
interface Target {
  readonly frameCount: number;
  /** In seconds from the first frame. */
  readonly timestamps: Float64Array;
}

/** The ways in which frames can be matched, the one that fits best first. */
export function matchingsFor(frames: readonly ClipFrame[], target: Target): FrameMatching[] {
  const fits = frames.every(({ number }) => number < target.frameCount);
  const timed = frames.length > 0 && frames.every(({ time }) => time !== undefined);
  const ways: FrameMatching[] = fits ? ['number', 'order'] : ['order', 'number'];
  return timed ? (fits ? ['number', 'time', 'order'] : ['time', 'order', 'number']) : ways;
}

/** The clip's frame for each frame of masks; nothing where there is none, or where another one has it already. */
export function matchFrames(
  frames: readonly ClipFrame[],
  { frameCount, timestamps }: Target,
  matching: FrameMatching,
): (number | undefined)[] {
  const taken = new Set<number>();
  return frames.map(({ number, time = 0 }, at) => {
    const wanted = matching === 'number' ? number : matching === 'order' ? at : nearest(timestamps, time);
    if (wanted >= frameCount || taken.has(wanted)) return undefined;
    taken.add(wanted);
    return wanted;
  });
}

/** The frame whose time stamp is nearest to a time; none where the clip has ended long before. */
function nearest(timestamps: Float64Array, time: number): number {
  const at = frameAtTime(timestamps, time);
  const [here = 0, next = Infinity] = timestamps.subarray(at, at + 2);
  const last = timestamps.length - 1;
  const usual = last > 0 ? (timestamps[last] ?? 0) / last : 0;
  if (at === last && time - here > usual) return Infinity;
  return next - time < time - here ? at + 1 : at;
}
