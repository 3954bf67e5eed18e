import type { ObjectToTrack } from '../../src/core/protocol/segmenter.ts';
import type { Precision } from '../../workers/models/manifestParts.ts';
import type { FrameCost } from './measure.ts';

/** Where a model runs. */
export type BenchDevice = 'webgpu' | 'wasm' | 'node';

/** One model on one device, with several numbers of objects one after the other. */
export interface BenchTask {
  readonly device: BenchDevice;
  /** `embedded`, or a folder that the page finds under `EXPORTED`, both on the sample clip; or a folder of fixtures/models, on the clip there. */
  readonly model: string;
  readonly precision: Precision;
  readonly objects: readonly number[];
  /** Frames to measure. */
  readonly frames: number;
  /** Whether a GPU may replay recorded runs. */
  readonly replay: boolean;
  /** Frames of a run that is not measured, before all others: in the first ones of a process JavaScript is not compiled yet. */
  readonly warmUp: number;
}

/** What was measured. */
export interface BenchRun extends Omit<BenchTask, 'objects' | 'frames' | 'warmUp' | 'replay'>, FrameCost {
  /** For a person. */
  readonly label: string;
  /** Graphs of which a recorded run was replayed. */
  readonly replayed: readonly string[];
}

/** Where the page finds the folders of models that tools/export wrote. */
export const EXPORTED = 'exported/';

/** Where the page finds the embedded model's encoder. */
export function encoderPath(precision: Precision): string {
  return precision === 'lite' ? 'models/encoder.tflite' : `models/encoder.${precision}.onnx`;
}

/** Bound of the features that are kept: the app's on a machine of 8 GiB, and some frames of a fixture's model. */
export const CACHE_BYTES = { embedded: 2 ** 28, fixture: 2 ** 20 } as const;

/** The clip of the embedded model. */
export const SAMPLE = 'public/samples/bigbuckbunny.mp4';

/** Where objects are clicked on: the rabbit first. */
export interface BenchClicks {
  readonly frame: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export const SAMPLE_CLICKS: BenchClicks = {
  frame: 40,
  points: [
    [384, 446],
    [200, 600],
    [640, 360],
    [900, 300],
    [1100, 500],
    [640, 120],
    [200, 150],
    [1000, 650],
  ],
};

/** On the fixtures' clip of 96×64. */
export const FIXTURE_CLICKS: BenchClicks = {
  frame: 0,
  points: [
    [30, 20],
    [60, 20],
    [48, 32],
    [20, 44],
    [76, 44],
    [12, 12],
    [84, 12],
    [48, 52],
  ],
};

/** The first `count` of the clicks, as objects to track. */
export function clickedObjects({ frame, points }: BenchClicks, count: number): ObjectToTrack[] {
  return points.slice(0, count).map(([x, y], i) => ({
    objectId: i + 1,
    prompts: new Map([[frame, { points: [{ x, y, label: 1 as const }] }]]),
  }));
}
