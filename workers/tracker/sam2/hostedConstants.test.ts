import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseSam2Manifest, type HostedManifest } from '../../models/sam2Manifest.ts';
import { readHostedConstants } from './hostedConstants.ts';

const FOLDER = new URL('../../../fixtures/models/sam2.1-tiny-random-five/', import.meta.url);
const text = await readFile(new URL('constants.json', FOLDER), 'utf8');
const json = JSON.parse(text) as Record<string, unknown>;
const manifest = parseSam2Manifest(
  JSON.parse(await readFile(new URL('manifest.json', FOLDER), 'utf8')),
) as HostedManifest;
const read = (changed: object) =>
  readHostedConstants(new TextEncoder().encode(JSON.stringify({ ...json, ...changed })), manifest);

it('reads a row for each distance in time', () => {
  const { temporalPositions, imageMean } = read({});
  expect(temporalPositions.map(({ length }) => length)).toEqual(Array(7).fill(64));
  expect(imageMean[0]).toBeCloseTo(0.485);
});

it('reads rows that keep the reference’s shape', () => {
  const rows = json.memory_temporal_positional_encoding as number[][];
  const nested = read({ memory_temporal_positional_encoding: rows.map((row) => [[row]]) });
  expect(nested.temporalPositions[3]).toEqual(read({}).temporalPositions[3]);
});

it('names the constant that does not fit', () => {
  expect(() => read({ image_size: 1024 })).toThrow('“image_size” should be 128');
  expect(() => read({ image_std: [1, 2] })).toThrow('“image_std”');
  expect(() => read({ memory_temporal_positional_encoding: [[1]] })).toThrow(
    '“memory_temporal_positional_encoding”',
  );
  expect(() => readHostedConstants(new TextEncoder().encode('<html>'), manifest)).toThrow('“image_size”');
});
