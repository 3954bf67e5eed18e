import type { FrameRange } from '../../core/frameRanges.ts';
import { setMarks } from '../clip/playbackStore.ts';
import { dismissNotice, notify } from '../page/noticesStore.ts';
import { insteadOfRun } from './liveRun.ts';
import { longRunOf } from './pace.ts';

/**
 * Says how long a run will take that takes over five minutes, and offers a part of it instead. The run begins meanwhile: nobody has to
 * answer. Returns what takes the notice off the page.
 *
 * @param frames that the run goes through, each one as often as it does
 * @param partOf the part that so many frames are enough for; nothing where there is none
 * @param again begins the run anew, between the marks
 */
export function tellLongRun(
  frames: number,
  partOf: (frames: number) => FrameRange | undefined,
  again: () => void,
): () => void {
  const long = longRunOf(frames);
  const part = long && partOf(long.framesInTime);
  if (long === undefined || part === undefined) return () => undefined;
  const id = notify(
    `At this computer’s pace, ${long.frames} frames take about ${told(long.seconds)}. You can stop at any time and keep the masks.`,
    {
      label: `Track frames ${part.first} to ${part.last} only (5 min)`,
      run: () =>
        insteadOfRun(() => {
          setMarks(part);
          again();
        }),
    },
  );
  return () => dismissNotice(id);
}

const told = (seconds: number) =>
  seconds < 2 * 3600 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
