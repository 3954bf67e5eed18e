import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { FrameContent, FrameSource } from '../../src/core/frames.ts';
import { DEFAULT_SETTINGS } from '../../src/core/protocol/segmenter.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import { FeatureFiles } from '../node/featureFiles.ts';
import { openSession } from './evalRun.ts';

const SIZE = { width: 2, height: 1 };

/** A frame of one brightness, as a clip. */
function clipOf(brightness: number): FrameSource {
  return {
    info: {
      kind: 'video',
      ...SIZE,
      frameCount: 1,
      timestamps: new Float64Array(1),
      duration: 1,
      codec: 'none',
    },
    frame: async (index) => ({
      index,
      pixels: async () => ({ ...SIZE, data: new Uint8ClampedArray(8).fill(brightness) }),
      close: () => undefined,
    }),
    frames: () => {
      throw new Error('These are not asked for.');
    },
    dispose: () => undefined,
  };
}

it('keeps the features of clips of one name apart by what is in them, and those of one clip for its next evaluation', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'masklet-features-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const encoded: unknown[] = [];
  const seen = new Set<unknown>();
  const model = {
    encode: async (frame: FrameContent) => {
      const [brightness] = (await frame.pixels()).data;
      encoded.push(brightness);
      return brightness;
    },
    featureBytes: () => 1,
    candidates: async (features: unknown) => {
      seen.add(features);
      return [];
    },
  } as Partial<AnyVideoModel> as AnyVideoModel;
  const files = await FeatureFiles.open(folder, model);
  encoded.length = 0;
  const evaluator = { model, files, timer: new StepTimer(), cacheBytes: 9, settings: DEFAULT_SETTINGS };
  for (const [content, brightness] of [
    ['first', 10],
    ['second', 20],
    ['first', 10],
  ] as const) {
    seen.clear();
    await openSession(evaluator, { name: 'swan', content, source: clipOf(brightness) }).everything(0);
    expect([...seen]).toEqual([brightness]);
  }
  expect(encoded).toEqual([10, 20]);
});
