import { mean } from '../eval/measures.ts';

/** How much of its recorded IoU a clip may lose. */
export const MAY_LOSE = 0.01;

/** The mean IoU of each clip, by name. */
export type Qualities = Readonly<Record<string, number>>;

/** A clip's quality: the mean IoU over its tracked frames. @param ious by frame; the first one was given */
export function qualityOf(ious: readonly number[]): number {
  return mean(ious.slice(1));
}

/** A sentence for each clip that lost more than it may, and for each that is measured but not recorded or the other way round. */
export function losses(recorded: Qualities, measured: Qualities): string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(measured)])];
  return names.flatMap((name) => {
    const [before, now] = [recorded[name], measured[name]];
    if (before === undefined) return [`${name} has no recorded IoU: run npm run quality -- --record.`];
    if (now === undefined) return [`${name} is recorded, but there is no such clip.`];
    if (before - now <= MAY_LOSE) return [];
    return [`${name} fell from an IoU of ${before.toFixed(3)} to ${now.toFixed(3)}.`];
  });
}
