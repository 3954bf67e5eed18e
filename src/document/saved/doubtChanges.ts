import { DOUBT_RULES, type Doubt, type Doubts } from '../../core/doubt.ts';
import { FrameMap } from '../../core/frameMap.ts';
import type { DoubtChanges, DoubtRow } from '../../core/protocol/project.ts';

/** What makes the doubtful frames `next` of those that are saved, by object. Without these, all are new. */
export function doubtChanges(
  saved: ReadonlyMap<number, Doubts> | undefined,
  next: ReadonlyMap<number, Doubts>,
): DoubtChanges {
  const [drop, put]: [Pick<DoubtRow, 'object' | 'frame'>[], DoubtRow[]] = [[], []];
  const none = new FrameMap<Doubt>();
  for (const object of new Set([...(saved?.keys() ?? []), ...next.keys()])) {
    const [before, after] = [saved?.get(object) ?? none, next.get(object) ?? none];
    for (const frame of before === after ? [] : after.changedFrames(before)) {
      const doubt = after.get(frame);
      if (doubt === undefined) drop.push({ object, frame });
      else put.push({ object, frame, doubt });
    }
  }
  return { rules: DOUBT_RULES, isNew: saved === undefined, drop, put };
}
