import type { Stage } from '../../src/core/protocol.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';

export const STAGES: readonly Stage[] = ['decode', 'preprocess', 'encoder', 'memory', 'decoder', 'mask'];

/** The clip, and the click that starts the benchmark's object: the rabbit. */
export const SAMPLE = 'public/samples/bigbuckbunny.mp4';
export const CLICK = { frame: 40, x: 384, y: 446 } as const;

/** What one place measured. */
export interface BenchRun {
  readonly place: 'Chromium' | 'Node';
  readonly precision: Precision;
  readonly device: string;
  readonly frames: number;
  readonly stageMs: Readonly<Record<Stage, number>>;
  /** Wall time of a frame, all stages and what is between them. */
  readonly msPerFrame: number;
  /** Resident memory of all processes of the place at its highest; `null` where the system does not tell. */
  readonly peakBytes: number | null;
}

/** Milliseconds a frame, from totals before and after. */
export function perFrame(
  before: Readonly<Partial<Record<Stage, number>>>,
  after: Readonly<Partial<Record<Stage, number>>>,
  frames: number,
): Record<Stage, number> {
  const mean = (stage: Stage) => ((after[stage] ?? 0) - (before[stage] ?? 0)) / frames;
  return Object.fromEntries(STAGES.map((stage) => [stage, mean(stage)])) as Record<Stage, number>;
}
