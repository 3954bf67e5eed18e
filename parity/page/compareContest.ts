import type { Gpu } from '../../workers/gpu/gpu.ts';
import {
  FAVOUR,
  settleMasks,
  shareGuesses,
  type Places,
  type Rivalry,
} from '../../workers/tracker/embedded/contest.ts';
import { MASK_SIDE } from '../../workers/tracker/embedded/decoder.ts';
import { GpuContest } from '../../workers/tracker/embedded/gpu/gpuContest.ts';
import { TUNED } from '../../workers/tracker/embedded/tuned.ts';
import { cropGrid, type CellBox } from '../../workers/tracker/masks/grid.ts';
import { download, largest, upload, type Comparison } from './comparison.ts';
import { randomNumbers } from './guesses.ts';

const GRID = { width: 41, height: 23 };
/** What an object and its rival are asked: apart, in part the same, and one within the other. */
const ASKED: readonly (readonly [own: CellBox, other: CellBox])[] = [
  [
    { x0: 0, y0: 0, x1: 12, y1: 23 },
    { x0: 20, y0: 3, x1: 41, y1: 20 },
  ],
  [
    { x0: 5, y0: 2, x1: 30, y1: 19 },
    { x0: 17, y0: 0, x1: 41, y1: 12 },
  ],
  [
    { x0: 0, y0: 0, x1: 41, y1: 23 },
    { x0: 9, y0: 4, x1: 25, y1: 23 },
  ],
];
const PLACES: Places = {
  object: { x0: 8, y0: 5, x1: 20, y1: 15 },
  rival: { x0: 22, y0: 4, x1: 31, y1: 11 },
};
const RIVALRIES: readonly Rivalry[] = [
  { places: undefined, pair: false },
  { places: PLACES, pair: false },
  { places: { ...PLACES, object: null }, pair: false },
  { places: PLACES, pair: true },
  { places: { ...PLACES, object: null }, pair: true },
];

/** Holds the kernels that keep an object and its rival apart to their twins on the CPU. */
export async function compareContest(gpu: Gpu): Promise<Comparison[]> {
  const kernels = new GpuContest(gpu.memory);
  const compared: Comparison[] = [];
  for (const [own, other] of ASKED)
    for (const rivalry of RIVALRIES) compared.push(await compareShares(gpu, kernels, own, other, rivalry));
  for (const change of [
    {},
    { favour: FAVOUR.objectFollowed },
    { favour: FAVOUR.rivalFollowed },
    { area: 0 },
    { iou: 0.49 },
    { pair: true, favour: FAVOUR.none },
  ])
    compared.push(
      await compareSettled(gpu, kernels, {
        ...{ favour: TUNED.favour, pair: false, area: 60, iou: 0.9 },
        ...change,
      }),
    );
  return compared;
}

async function compareShares(
  gpu: Gpu,
  kernels: GpuContest,
  own: CellBox,
  other: CellBox,
  rivalry: Rivalry,
): Promise<Comparison> {
  const { places, pair } = rivalry;
  const random = randomNumbers(own.x1 + other.x1);
  const guessIn = ({ x0, y0, x1, y1 }: CellBox) => {
    const within = (cell: number) => {
      const [x, y] = [cell % GRID.width, Math.floor(cell / GRID.width)];
      return x >= x0 && x < x1 && y >= y0 && y < y1;
    };
    const of = (outside: number, value: () => number) =>
      Float32Array.from({ length: GRID.width * GRID.height }, (_, cell) =>
        within(cell) ? value() : outside,
      );
    // A guess often leaves a cell out altogether.
    const probability = { ...GRID, data: of(0, () => Math.max(0, 1.2 * random() - 0.2)) };
    return { probability, resemblance: of(NaN, random) };
  };
  const [object, rival] = [guessIn(own), guessIn(other)];
  const expected = shareGuesses(object, rival, rivalry);
  const given = [
    { asked: own, guess: object },
    { asked: other, guess: rival },
  ].map(({ asked, guess }) => ({
    asked,
    probability: upload(gpu, cropGrid(guess.probability, asked).data),
    best: upload(
      gpu,
      cropGrid({ ...GRID, data: guess.resemblance }, asked).data.map((value) => value / TUNED.temperature),
    ),
  }));
  const [a, b] = given;
  if (!a || !b) throw new RangeError('There are two guesses.');
  const shared = kernels.share(a, b, GRID, rivalry);
  const [left = new Float32Array(), right = new Float32Array()] = await download(gpu, [
    shared.object,
    shared.rival,
  ]);
  for (const { probability, best } of given) for (const slice of [probability, best]) slice.free();
  return {
    name: `shares of ${JSON.stringify(own)} and ${JSON.stringify(other)}, ${places ? (places.object ? 'placed' : 'lost') : 'one not known before'}${pair ? ', a pair' : ''}`,
    different: 0,
    distance: Math.max(
      largest(left, cropGrid(expected.object, own).data),
      largest(right, cropGrid(expected.rival, other).data),
    ),
  };
}

/** @param rival whom to favour, what its guess found, in mask cells, and the predicted IoU of its mask: of too little nothing is taken */
async function compareSettled(
  gpu: Gpu,
  kernels: GpuContest,
  rival: { readonly favour: number; readonly pair: boolean; readonly area: number; readonly iou: number },
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
  const [masks, prompts, ious, extents] = [
    each(4 * plane, (i) => at(i)?.logits),
    each(plane, (i) => at(i)?.prompt),
    each(4, (i) => Float32Array.of(i === other ? rival.iou : 0.2)),
    each(6, (i) => new Float32Array(Uint32Array.of(0, areas[i] ?? 0).buffer)),
  ];
  const [a, b] = claims;
  if (rival.area > 0 && rival.iou >= TUNED.leastIou) settleMasks(a, b, rival.favour, rival.pair);
  kernels.settle({ masks: prompts, extents }, { masks, ious }, { object: own, rival: other, ...rival });
  const [read = new Float32Array()] = await download(gpu, [masks]);
  for (const slice of [prompts, ious, extents]) slice.free();
  const found = [own, other].map((i) => read.slice(4 * i * plane, (4 * i + 1) * plane));
  return {
    name: `settled masks: ${JSON.stringify(rival)}`,
    different: 0,
    distance: Math.max(...claims.map(({ logits }, i) => largest(found[i] ?? new Float32Array(), logits))),
  };
}
