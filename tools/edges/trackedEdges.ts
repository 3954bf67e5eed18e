import { join } from 'node:path';
import { shapedMask } from '../../src/core/edges/edges.ts';
import { PLAIN_EDGE, type EdgeSettings } from '../../src/core/edges/edgeSettings.ts';
import { objectsAlpha } from '../../src/core/edges/objectsAlpha.ts';
import type { RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import { encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { clipNames, openEvalClip, type EvalClip } from '../eval/clips.ts';
import { followOne } from '../eval/evalRun.ts';
import { boundaryMeasure } from '../eval/measures.ts';
import { formatTable } from '../eval/table.ts';
import { FfmpegSource } from '../node/ffmpegSource.ts';
import { DEFAULT_MODEL, DEFAULT_PRECISION, loadModel } from '../node/models.ts';
import { Progress } from '../node/progress.ts';
import { TrackingSession } from '../node/trackingSession.ts';
import { UsageError } from '../node/usage.ts';

const SETTINGS: readonly (readonly [name: string, edge: Partial<EdgeSettings>])[] = [
  ['mask as it is', {}],
  ['detail 8', { detail: 8 }],
  ['detail 16', { detail: 16 }],
  ['steady 4', { steady: 4 }],
  ['smooth 4', { smooth: 4 }],
];

/**
 * Tracks the object of each clip from its true first mask, and prints the boundary measure F of its masks with edge settings, over the frames
 * that were tracked. Soft edges are cut at one half.
 * @param folder of clips, as `npm run eval` reads them @param frames the first so many of each
 */
export async function printTrackedEdges(folder: string, frames: number): Promise<void> {
  const timer = new StepTimer();
  const model = await loadModel(
    { model: DEFAULT_MODEL, precision: DEFAULT_PRECISION },
    createNodeRuntime({ threads: 0 }),
    timer,
  );
  const rows: [string, number[]][] = [];
  for (const name of await clipNames(folder, undefined)) {
    const clip = await openEvalClip(folder, name, frames);
    const progress = new Progress(name);
    const session = new TrackingSession({ model, source: clip.source, timer });
    const prompts = new Map([[0, { points: [], mask: clip.first }]]);
    const tracked = await followOne(session, prompts, (done, total) => progress.update(done, total));
    progress.end();
    rows.push([
      name,
      await measuresOf(
        clip,
        tracked.map(({ mask }) => mask),
      ),
    ]);
  }
  await model.dispose();
  const means = SETTINGS.map((_, at) => rows.reduce((sum, [, row]) => sum + (row[at] ?? 0), 0) / rows.length);
  const shown = [...rows, ['mean', means] as const].map(([name, row]) => [
    name,
    ...row.map((value) => value.toFixed(3)),
  ]);
  console.log(`Boundary measure F of the first ${frames} frames but the first, tracked`);
  console.log(formatTable(['clip', ...SETTINGS.map(([name]) => name)], shown));
}

/** A frame from the middle of each clip in a folder. @throws UsageError if one is not of this size */
export async function middleFrames(folder: string, size: Size): Promise<RgbaImage[]> {
  const frames: RgbaImage[] = [];
  for (const name of await clipNames(folder, undefined)) {
    const source = await FfmpegSource.open(join(folder, name, 'frames'));
    const frame = await source.frame(Math.floor(source.info.frameCount / 2));
    const picture = await frame.pixels();
    frame.close();
    source.dispose();
    if (picture.width !== size.width || picture.height !== size.height)
      throw new UsageError(`The frames of ${name} are not of ${size.width}×${size.height} pixels.`);
    frames.push(picture);
  }
  return frames;
}

/** The mean of each setting over the frames that were tracked. */
async function measuresOf({ source, truth }: EvalClip, masks: readonly MaskRle[]): Promise<number[]> {
  const sums = SETTINGS.map(() => 0);
  for (let frame = 1; frame < masks.length; frame++) {
    const [mask, wanted] = [masks[frame], truth[frame]];
    if (!mask || !wanted) continue;
    const content = await source.frame(frame);
    const picture = await content.pixels();
    content.close();
    const neighbours = { before: masks[frame - 1], after: masks[frame + 1] };
    for (const [at, [, change]] of SETTINGS.entries()) {
      const edge = { ...PLAIN_EDGE, ...change };
      const shaped = cutAtHalf(shapedMask(mask, edge, neighbours), edge, picture);
      sums[at] = (sums[at] ?? 0) + boundaryMeasure(shaped, wanted) / (masks.length - 1);
    }
  }
  return sums;
}

function cutAtHalf(mask: MaskRle, edge: EdgeSettings, picture: RgbaImage): MaskRle {
  if (edge.detail === 0) return mask;
  const alpha = objectsAlpha([{ mask, edge }], mask, picture);
  return encodeRle(
    alpha.map((value) => Number(value >= 128)),
    mask,
  );
}
