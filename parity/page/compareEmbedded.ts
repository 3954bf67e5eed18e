import { letterbox, type Size } from '../../src/core/geometry.ts';
import type { Gpu } from '../../workers/gpu/gpu.ts';
import { tensor, type Tensor } from '../../workers/models/graph.ts';
import { remember } from '../../workers/tracker/embedded/cpuTracking.ts';
import {
  ABSENT_LABEL,
  asIou,
  MASK_DIMS,
  MASK_PROMPT_BOUND,
  MASK_SIDE,
  maskContent,
} from '../../workers/tracker/embedded/decoder.ts';
import { fitFrame } from '../../workers/tracker/embedded/encoderShapes.ts';
import {
  contentGrid,
  DESCRIPTOR,
  describeCells,
  INPUT_SIDE,
  meanDescriptor,
} from '../../workers/tracker/embedded/features.ts';
import { GpuCells, readSummary } from '../../workers/tracker/embedded/gpu/gpuCells.ts';
import { GpuEvidence, readEvidence } from '../../workers/tracker/embedded/gpu/gpuEvidence.ts';
import { GpuGuessPrompts } from '../../workers/tracker/embedded/gpu/gpuGuessPrompts.ts';
import { keptOf, MAX_POINTS, promptsFromGuess, type Kept } from '../../workers/tracker/embedded/guess.ts';
import { TUNED } from '../../workers/tracker/embedded/tuned.ts';
import { cropGrid, iouOfPositive, positiveCount } from '../../workers/tracker/masks/grid.ts';
import { download, largest, read, upload, uploadGuesses, type Comparison } from './comparison.ts';
import { compareAttention } from './compareAttention.ts';
import { compareContest } from './compareContest.ts';
import { startRuntime } from './devices.ts';
import { ALL_KEPT, guessesOn, randomNumbers, type GuessCase } from './guesses.ts';

/** Clips whose frames leave padding below, beside, and in parts of a cell. */
const CLIPS: readonly Size[] = [
  { width: 360, height: 640 },
  { width: 400, height: 231 },
];

/** Holds each of the embedded tracker's kernels to its twin on the CPU. */
export async function compareEmbedded(): Promise<Comparison[]> {
  const { runtime } = await startRuntime('webgpu');
  const { gpu } = runtime;
  if (!gpu) throw new Error('The runtime has no GPU.');
  const prompts = new GpuGuessPrompts(gpu.memory);
  const found: Comparison[] = [];
  for (const clip of CLIPS) {
    const fit = letterbox(clip, INPUT_SIDE);
    const content = maskContent({ letterbox: fit });
    found.push(...(await comparePrompts(gpu, prompts, guessesOn(contentGrid(fit)), content)));
  }
  found.push(
    ...(await compareMemories(gpu)),
    ...(await compareAttention(gpu)),
    ...(await compareEvidence(gpu)),
    ...(await compareContest(gpu)),
  );
  prompts.dispose();
  if (runtime.stats.liveBuffers > 0) throw new Error('Buffers are left.');
  runtime.dispose();
  return found;
}

/** Of something that is followed, of one of a pair, and of a lost object. */
const KEPT = [
  { beside: undefined, lost: false },
  { beside: 0, lost: false },
  { beside: undefined, lost: true },
].map(keptOf);

/** All guesses at once, with all that may be kept of each. */
async function comparePrompts(
  gpu: Gpu,
  kernels: GpuGuessPrompts,
  guesses: readonly GuessCase[],
  content: Size,
): Promise<Comparison[]> {
  const cases = guesses.flatMap((guess) => KEPT.map((kept) => ({ ...guess, kept })));
  const [first] = guesses;
  if (!first) return [];
  const given = cases.map(({ probability, asked, kept }) => {
    const { data } = cropGrid(probability, asked);
    return { asked, probability: data, best: data, kept, isJudgedByRest: false };
  });
  const batch = uploadGuesses(gpu, given);
  const { coords, labels, masks, extents } = kernels.prompt(batch, first.probability, content);
  const slices = [coords, labels, masks, extents];
  const read = await download(gpu, slices);
  batch.values.free();
  return cases.map((each, i) => {
    const [places, kinds, logits, words] = read.map((values) => {
      const length = values.length / cases.length;
      return values.slice(i * length, (i + 1) * length);
    });
    if (!places || !kinds || !logits || !words) throw new RangeError('Each guess has prompts.');
    return comparePrompt(each, content, { places, kinds, logits, words });
  });
}

/** @param found what the kernels made of the guess */
function comparePrompt(
  { name: of, probability, kept }: GuessCase & { readonly kept: Kept },
  content: Size,
  { places, kinds, logits, words }: Readonly<Record<'places' | 'kinds' | 'logits' | 'words', Float32Array>>,
): Comparison {
  const name = `${of}, components of ${kept.componentShare} within ${kept.around ?? 'all'}`;
  const expected = promptsFromGuess(probability, content, kept);
  const area = new Uint32Array(words.buffer)[1] ?? 0;
  const isFound = area > 0;
  if (!expected || !isFound) return { name, different: Number((expected !== null) !== isFound), distance: 0 };
  const { box, points } = expected;
  const wanted = Array.from({ length: MAX_POINTS }, (_, i) => points[i]);
  const corners = box ? [box.x0, box.y0, box.x1, box.y1] : [];
  const labelled = [...wanted.map((point) => (point ? point.label : ABSENT_LABEL)), 2, 3, ABSENT_LABEL];
  const different = labelled.filter((label, i) => label !== kinds[i]).length;
  const placed = wanted.flatMap((point, i) =>
    point ? [point.x - (places[2 * i] ?? 0), point.y - (places[2 * i + 1] ?? 0)] : [],
  );
  const off = placed.filter((difference) => difference !== 0).length;
  const cornersOff = corners.map((value, i) => value - (places[2 * MAX_POINTS + i] ?? NaN));
  return {
    name,
    different: different + off,
    distance: Math.max(largest(logits, expected.mask), ...cornersOff.map(Math.abs)),
  };
}

/** Descriptors, and what a mask leaves of a frame. */
async function compareMemories(gpu: Gpu): Promise<Comparison[]> {
  const cells = new GpuCells(gpu.memory);
  const random = randomNumbers(5);
  const noise = (length: number) => Float32Array.from({ length }, () => 2 * random() - 0.9);
  const compared: Comparison[] = [];
  const compare = (name: string, read: Float32Array | undefined, expected: Float32Array) =>
    compared.push({ name, different: 0, distance: read ? largest(read, expected) : NaN });
  const video = { width: 640, height: 231 };
  const fit = letterbox(video, INPUT_SIDE);
  const grid = contentGrid(fit);
  const count = grid.width * grid.height;
  const stage2 = tensor(noise(64 * 64 * 160), [1, 4096, 160]);
  const stage1 = tensor(noise(128 * 128 * 128), [1, 16384, 128]);
  const [given2, given1] = [upload(gpu, stage2.data), upload(gpu, stage1.data)];
  const descriptors = cells.describe(given2, given1, fit);
  const mean = cells.mean(descriptors);
  for (const slice of [given1, given2]) slice.free();
  const frame = {
    ...{ video, letterbox: fit, grid },
    imageEmbedding: tensor(new Float32Array(1), [1]),
  };
  const described = describeCells(stage2, stage1, fit);
  const features = {
    ...frame,
    descriptors: tensor(described, [count, DESCRIPTOR]),
    meanDescriptor: tensor(meanDescriptor(described), [DESCRIPTOR]),
  };
  const [readDescriptors, readMean] = await read(gpu, [descriptors, mean]);
  compare('descriptors', readDescriptors, described);
  compare('mean descriptor', readMean, features.meanDescriptor.data);
  // Of a frame that is higher than wide the encoder is given fewer columns.
  const portrait = fitFrame({ width: video.height, height: video.width });
  const [part2, part1] = [upload(gpu, stage2.data), upload(gpu, stage1.data)];
  const beside = cells.describe(part2, part1, portrait);
  const [readBeside] = await download(gpu, [beside]);
  for (const slice of [part2, part1]) slice.free();
  compare('descriptors of a portrait frame', readBeside, describeCells(stage2, stage1, portrait));

  const discAt = (column: number, radius: number) =>
    Float32Array.from({ length: MASK_SIDE ** 2 }, (_, cell) => {
      const [x, y] = [cell % MASK_SIDE, Math.floor(cell / MASK_SIDE)];
      return y < 92 ? radius - Math.hypot(x - column, y - 50) + 4 * random() : -MASK_PROMPT_BOUND;
    });
  const earlier = [1, 2, 3].map(() => noise(DESCRIPTOR));
  // Of two objects, one that was not seen before and one that was.
  const both = [
    { logits: tensor(discAt(190, 21), MASK_DIMS), earlierLooks: [] },
    {
      logits: tensor(discAt(90, 30), MASK_DIMS),
      earlierLooks: earlier.map((look) => tensor(look, [DESCRIPTOR])),
    },
  ];
  const mask = gpu.memory.join(
    both.map((each) => each.logits.data),
    both.length * 4 * MASK_SIDE ** 2,
  );
  const { labels, extents } = cells.pool(mask, both.length, grid);
  const looks = cells.looks(descriptors, mean, labels, both.length);
  const others = earlier.map((each) => upload(gpu, each));
  const summaries = cells.summarise(extents, looks, [[], others]);
  const [readLabels, readLooks, readBack] = await read(gpu, [labels, looks, summaries]);
  const memories = both.map((each) => remember(features, each));
  memories.forEach((expected, i) => {
    const { area, bounds, likeness } = readSummary(
      readBack?.buffer as ArrayBuffer,
      i,
      grid,
      expected.likeness.length,
    );
    const start = i * count;
    compare('label', readLabels?.slice(start, start + count), (expected.label as Tensor).data);
    const look = readLooks?.slice(i * DESCRIPTOR, (i + 1) * DESCRIPTOR);
    compare('look', look, (expected.look as Tensor).data);
    compare('likeness', Float32Array.from(likeness), Float32Array.from(expected.likeness));
    compared.push({
      name: 'area and bounds',
      different:
        Number(area !== expected.area) + Number(JSON.stringify(bounds) !== JSON.stringify(expected.bounds)),
      distance: 0,
    });
  });
  for (const slice of [descriptors, mean, mask, labels, looks, extents, summaries, ...others]) slice.free();
  return compared;
}

/** Of two objects that were asked about different cells. */
async function compareEvidence(gpu: Gpu): Promise<Comparison[]> {
  const random = randomNumbers(8);
  const noise = (length: number, scale: number) =>
    Float32Array.from({ length }, () => scale * (random() - 0.5));
  const content = { width: 201, height: 256 };
  const objects = (
    [
      [1000, 1],
      [70, 0.5],
    ] as const
  ).map(([cells, sure]) => ({
    masks: noise(4 * MASK_SIDE ** 2, 20),
    prompt: noise(MASK_SIDE ** 2, 16),
    ious: Float32Array.from([0.9, 0.3, 1.2, 0.7], (iou) => sure * iou),
    probability: noise(cells, 1).map(Math.abs),
    best: noise(cells, 60),
    extent: new Float32Array(Uint32Array.of(0, 77, 0, 0, 0, 0).buffer),
  }));
  const sendAll = (values: readonly Float32Array[]) =>
    gpu.memory.join(
      values,
      values.reduce((sum, { byteLength }) => sum + byteLength, 0),
    );
  const guesses = objects.map(({ probability, best }) => {
    const asked = { x0: 0, y0: 0, x1: probability.length, y1: 1 };
    return { asked, probability, best, kept: ALL_KEPT, isJudgedByRest: false };
  });
  const batch = uploadGuesses(gpu, guesses);
  const [masks, prompts, ious, extents] = [
    sendAll(objects.map((each) => each.masks)),
    sendAll(objects.map(({ prompt }) => prompt)),
    sendAll(objects.map((each) => each.ious)),
    sendAll(objects.map(({ extent }) => extent)),
  ];
  const { logits, evidence } = new GpuEvidence(gpu.memory).weigh(
    batch,
    { coords: extents, labels: extents, masks: prompts, extents },
    { masks, ious },
    content,
  );
  const [cleared, words] = await download(gpu, [logits, evidence]);
  for (const slice of [batch.values, masks, prompts, ious, extents]) slice.free();
  return objects.map((object, i) => {
    const expected = object.masks
      .slice(0, MASK_SIDE ** 2)
      .map((logit, cell) => (cell % MASK_SIDE < content.width ? logit : -MASK_PROMPT_BOUND));
    const found = readEvidence(words?.buffer as ArrayBuffer, i);
    if (!found || !cleared) return { name: 'evidence', different: 1, distance: 0 };
    const { probability, best, ious: asked, prompt } = object;
    const weight = probability.reduce((sum, p) => sum + p, 0);
    const peak =
      probability.reduce((sum, p, at) => sum + p * (best[at] ?? 0) * TUNED.temperature, 0) / weight;
    const values = [found.peak, found.agreement, found.bestProbability, found.predictedIou, found.readingIou];
    const wanted = [
      peak,
      iouOfPositive(prompt, expected),
      Math.max(...probability),
      asIou(asked[0] ?? 0),
      asIou(asked[2] ?? 0),
    ];
    return {
      name: 'evidence',
      different: Number(found.area !== positiveCount(expected)),
      distance: Math.max(
        largest(cleared.slice(i * MASK_SIDE ** 2, (i + 1) * MASK_SIDE ** 2), expected),
        largest(Float32Array.from(values), Float32Array.from(wanted)),
      ),
    };
  });
}
