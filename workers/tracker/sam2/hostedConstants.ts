import { MaskletError } from '../../../src/core/errors.ts';
import type { HostedManifest } from '../../models/sam2Manifest.ts';

/** What the tracker needs of a hosted export beside its graphs. */
export interface HostedConstants {
  /** [7, 64]: a row for each distance in time, the last for prompted frames. */
  readonly temporalPositions: readonly Float32Array[];
  /** [3] each, for values from 0 to 1. */
  readonly imageMean: Float32Array;
  readonly imageDeviation: Float32Array;
}

/** @param bytes `constants.json` @throws MaskletError `weights-altered` if a constant is missing or is not the model's. */
export function readHostedConstants(
  bytes: Uint8Array,
  { name, imageSize, rules }: HostedManifest,
): HostedConstants {
  const refuse = (constant: string, wanted: string) =>
    new MaskletError(
      'weights-altered',
      `The model “${name}” does not fit its description: its constant “${constant}” should be ${wanted}.`,
    );
  const text = new TextDecoder().decode(bytes);
  const json = parse(text) ?? {};
  const row = (value: unknown, length: number, constant: string) => {
    const isRow = Array.isArray(value) && value.length === length && value.every(Number.isFinite);
    if (!isRow) throw refuse(constant, `rows of ${length} numbers`);
    return Float32Array.from(value as number[]);
  };
  if (json['image_size'] !== imageSize) throw refuse('image_size', String(imageSize));
  const positions: unknown = json['memory_temporal_positional_encoding'];
  if (!Array.isArray(positions) || positions.length !== rules.spatialMemories)
    throw refuse('memory_temporal_positional_encoding', `${rules.spatialMemories} rows`);
  return {
    // Some exports keep the reference's shape, [7, 1, 1, 64].
    temporalPositions: positions.map((each: unknown) =>
      row([each].flat(3), 64, 'memory_temporal_positional_encoding'),
    ),
    imageMean: row(json['image_mean'], 3, 'image_mean'),
    imageDeviation: row(json['image_std'], 3, 'image_std'),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
