import type { Gpu } from '../../workers/gpu/gpu.ts';
import {
  FAVOUR,
  settleMasks,
  shareGuesses,
  type Contest,
  type Places,
  type Round,
} from '../../workers/tracker/embedded/contest.ts';
import { MASK_SIDE } from '../../workers/tracker/embedded/decoder.ts';
import { GpuContest } from '../../workers/tracker/embedded/gpu/gpuContest.ts';
import { TUNED } from '../../workers/tracker/embedded/tuned.ts';
import { cropGrid, type CellBox } from '../../workers/tracker/masks/grid.ts';
import { download, largest, upload, uploadGuesses, type Comparison } from './comparison.ts';
import { ALL_KEPT, randomNumbers } from './guesses.ts';

const GRID = { width: 41, height: 23 };
/** What three are asked: all over each other, in part, or apart. */
const ASKED: readonly (readonly CellBox[])[] = [
  [
    { x0: 0, y0: 0, x1: 12, y1: 23 },
    { x0: 20, y0: 3, x1: 41, y1: 20 },
    { x0: 5, y0: 2, x1: 30, y1: 19 },
  ],
  [
    { x0: 5, y0: 2, x1: 30, y1: 19 },
    { x0: 17, y0: 0, x1: 41, y1: 12 },
    { x0: 0, y0: 0, x1: 41, y1: 23 },
  ],
  [
    { x0: 0, y0: 0, x1: 41, y1: 23 },
    { x0: 9, y0: 4, x1: 25, y1: 23 },
    { x0: 9, y0: 4, x1: 25, y1: 23 },
  ],
];
const PLACES: Places = {
  object: { x0: 8, y0: 5, x1: 20, y1: 15 },
  rival: { x0: 22, y0: 4, x1: 31, y1: 11 },
};
const NOWHERE: CellBox = { x0: 0, y0: 0, x1: 0, y1: 0 };
const LOST: Places = { ...PLACES, object: null };
const [FIRST, SECOND, THIRD] = [0, 1, 2];
const between = (object: number, rival: number, places: Places | undefined, pair: boolean): Contest => ({
  ...{ object, rival, places, pair, favour: 0 },
});
/** Who contests whom, in rounds: two of the three, or all. */
const ROUNDS: Readonly<Record<string, readonly Round[]>> = {
  'one not known before': [[between(FIRST, SECOND, undefined, false)]],
  'both placed': [[between(FIRST, SECOND, PLACES, false)]],
  'one lost': [[between(FIRST, SECOND, LOST, false)]],
  'a pair': [[between(FIRST, SECOND, PLACES, true)]],
  'a pair, one lost': [[between(FIRST, SECOND, LOST, true)]],
  'three alike': [
    [
      between(FIRST, SECOND, PLACES, true),
      between(FIRST, THIRD, LOST, true),
      between(SECOND, THIRD, PLACES, true),
    ],
  ],
  'a pair, and then the distractor of one': [
    [between(FIRST, SECOND, PLACES, true), between(SECOND, THIRD, undefined, false)],
    [between(FIRST, THIRD, PLACES, false)],
  ],
};

/** Holds the kernels that keep an object and its rival apart to their twins on the CPU. */
export async function compareContest(gpu: Gpu): Promise<Comparison[]> {
  const kernels = new GpuContest(gpu.memory);
  const compared: Comparison[] = [];
  for (const asked of ASKED)
    for (const [name, rounds] of Object.entries(ROUNDS))
      compared.push(await compareShares(gpu, kernels, asked, name, rounds));
  for (const change of [
    {},
    { favour: FAVOUR.objectFollowed },
    { favour: FAVOUR.rivalFollowed },
    { favour: FAVOUR.none },
    { area: 0 },
  ])
    compared.push(
      await compareSettled(gpu, kernels, {
        ...{ favour: TUNED.favour, area: 60 },
        ...change,
      }),
    );
  return compared;
}

async function compareShares(
  gpu: Gpu,
  kernels: GpuContest,
  asked: readonly CellBox[],
  of: string,
  rounds: readonly Round[],
): Promise<Comparison> {
  const random = randomNumbers(asked.reduce((sum, { x1 }) => sum + x1, 0));
  const guesses = asked.map(({ x0, y0, x1, y1 }) => {
    const within = (cell: number) => {
      const [x, y] = [cell % GRID.width, Math.floor(cell / GRID.width)];
      return x >= x0 && x < x1 && y >= y0 && y < y1;
    };
    const cells = (outside: number, value: () => number) =>
      Float32Array.from({ length: GRID.width * GRID.height }, (_, cell) =>
        within(cell) ? value() : outside,
      );
    // A guess often leaves a cell out altogether.
    const probability = { ...GRID, data: cells(0, () => Math.max(0, 1.2 * random() - 0.2)) };
    return { probability, resemblance: cells(NaN, random) };
  });
  const expected = shareGuesses(guesses, rounds);
  const given = guesses.map(({ probability, resemblance }, i) => {
    const window = asked[i] ?? NOWHERE;
    const crop = (data: Float32Array) => cropGrid({ ...GRID, data }, window).data;
    return {
      asked: window,
      probability: crop(probability.data),
      best: crop(resemblance).map((value) => value / TUNED.temperature),
      ...{ kept: ALL_KEPT, isJudgedByRest: false },
    };
  });
  const { values, guesses: batched } = uploadGuesses(gpu, given, rounds);
  kernels.share({ values, guesses: batched }, GRID, rounds);
  const [read = new Float32Array()] = await download(gpu, [values]);
  const distances = expected.map((grid, i) => {
    const left = cropGrid(grid, asked[i] ?? NOWHERE).data;
    const first = batched[i]?.prompted ?? 0;
    return largest(read.subarray(first, first + left.length), left);
  });
  return {
    name: `shares of ${JSON.stringify(asked)}, ${of}`,
    different: 0,
    distance: Math.max(...distances),
  };
}

/** @param rival whom to favour, and what its guess found, in mask cells: where that is nothing, nothing is taken */
async function compareSettled(
  gpu: Gpu,
  kernels: GpuContest,
  rival: { readonly favour: number; readonly area: number },
): Promise<Comparison> {
  const random = randomNumbers(13);
  const noise = () => Float32Array.from({ length: MASK_SIDE ** 2 }, () => 20 * (random() - 0.4));
  const claims = [
    { logits: noise(), prompt: noise() },
    { logits: noise(), prompt: noise() },
  ] as const;
  // Between them is another, which is none of theirs.
  const [own, other, objects] = [0, 2, 3];
  const at = (i: number) => (i === own ? claims[0] : i === other ? claims[1] : undefined);
  const each = (words: number, of: (i: number) => Float32Array | undefined) => {
    const all = new Float32Array(objects * words);
    for (let i = 0; i < objects; i++) all.set(of(i) ?? [], i * words);
    return upload(gpu, all);
  };
  const plane = MASK_SIDE ** 2;
  const areas = [60, 60, rival.area];
  const [masks, prompts, extents] = [
    each(4 * plane, (i) => at(i)?.logits),
    each(plane, (i) => at(i)?.prompt),
    each(6, (i) => new Float32Array(Uint32Array.of(0, areas[i] ?? 0).buffer)),
  ];
  const contest = { ...between(own, other, undefined, false), favour: rival.favour };
  settleMasks([claims[0], undefined, rival.area > 0 ? claims[1] : undefined], [[contest]]);
  kernels.settle({ masks: prompts, extents }, { masks }, [[contest]]);
  const [read = new Float32Array()] = await download(gpu, [masks]);
  for (const slice of [prompts, extents]) slice.free();
  const found = [own, other].map((i) => read.slice(4 * i * plane, (4 * i + 1) * plane));
  return {
    name: `settled masks: ${JSON.stringify(rival)}`,
    different: 0,
    distance: Math.max(...claims.map(({ logits }, i) => largest(found[i] ?? new Float32Array(), logits))),
  };
}
