import { readFile } from 'node:fs/promises';
import { rleIou, type MaskRle } from '../../../src/core/rle.ts';
import type { GraphRuntime } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { EmbeddedModel } from '../embedded/embeddedModel.ts';
import type { EmbeddedFeatures } from '../embedded/features.ts';
import type { EmbeddedMemory } from '../embedded/memory.ts';
import { FeatureCache } from '../run/featureCache.ts';
import { propagate, type RunOptions } from '../run/propagation.ts';
import { StepTimer } from '../run/stepTimer.ts';
import type { PaintedClip } from './paintedClip.ts';

const FILES = new URL('../../../node_modules/.cache/masklet/', import.meta.url);

/** The embedded model with its real weights, on the CPU. */
export async function loadEmbedded(runtime: GraphRuntime, timer: StepTimer): Promise<EmbeddedModel> {
  const [encoder, decoder] = await Promise.all([
    readFile(new URL('encoder.fp32.onnx', FILES)),
    readFile(new URL('decoder.onnx', FILES)),
  ]);
  return EmbeddedModel.load(runtime, { encoder, decoder }, timer);
}

/** The embedded model with its real weights at a clip, to follow one object from its true mask on the first frame. */
export async function openFollower(clip: PaintedClip, truth: (frame: number) => MaskRle) {
  const timer = new StepTimer();
  const model = await loadEmbedded(createNodeRuntime(), timer);
  const features = new FeatureCache<EmbeddedFeatures>(clip, model, timer, 1e9);
  const prompts = new Map([[0, { points: [], mask: truth(0) }]]);
  return {
    /** @returns IoU by frame */
    follow: async (options: RunOptions<EmbeddedMemory> = {}) => {
      const ious: number[] = [];
      const run = propagate(
        clip,
        model,
        (index, work, frame) => features.use(index, work, frame),
        [{ objectId: 1, prompts }],
        new AbortController().signal,
        options,
      );
      for await (const { frame, objects } of run)
        for (const { mask } of objects) ious[frame] = rleIou(mask, truth(frame));
      return ious;
    },
    dispose: async () => {
      await features.dispose();
      await model.dispose();
    },
  };
}
