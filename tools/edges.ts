/**
 * `npm run edges -- [--pictures DIR]`: how near soft edges come to painted ones whose alpha and colours are known, and how long they take.
 * Writes pictures to look at. `npm run edges -- --data DIR [--frames N]`: the same with the colours of video frames, and the boundary measure
 * of tracked masks with edge settings, on clips with true masks. `npm run edges -- --logits [--data DIR]`: with the model's logits as the filter's
 * input, against its mask. See docs/quality.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cutOut } from '../src/core/edges/cutOut.ts';
import { objectsAlpha, softArea } from '../src/core/edges/objectsAlpha.ts';
import { shapedMask } from '../src/core/edges/edges.ts';
import { PLAIN_EDGE, type EdgeSettings } from '../src/core/edges/edgeSettings.ts';
import type { RgbaImage } from '../src/core/frames.ts';
import { encodeRgbaPng } from '../src/core/png.ts';
import { median } from './bench/takeTurns.ts';
import { colorsOf, composite, compositeError, foregroundOf } from './edges/composite.ts';
import { EDGE_KINDS, paintDisc, paintEdge, type EdgeKind, type PaintedEdge } from './edges/paintedEdges.ts';
import { measureFlicker } from './edges/flicker.ts';
import { printLogitsInput } from './edges/logitsInput.ts';
import { middleFrames, printTrackedEdges } from './edges/trackedEdges.ts';
import { formatTable } from './eval/table.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { UsageError, wholeNumber } from './node/usage.ts';

const SIZE = { width: 854, height: 480 };
const WHOLE = { x: 0, y: 0, ...SIZE };
/** The constants of the filter and of the colours were chosen on seeds 1 to 4. */
const SEEDS = [11, 12, 13, 14, 15, 16, 17, 18];
const SOFT: Partial<EdgeSettings> = { detail: 16 };
const SETTINGS: readonly (readonly [name: string, edge: Partial<EdgeSettings>])[] = [
  ['mask as it is', {}],
  ['feather 4', { feather: 4 }],
  ['feather 8', { feather: 8 }],
  ['detail 8', { detail: 8 }],
  ['detail 16', { detail: 16 }],
  ['detail 24', { detail: 24 }],
];

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ pictures: text, data: text, frames: { ...text, default: '8' } },
      logits: { type: 'boolean', default: false },
    },
  });
  if (values.logits) {
    const colors = values.data === undefined ? undefined : await middleFrames(values.data, SIZE);
    await printLogitsInput(
      (kind, seed) => paintEdge(kind, seed, SIZE, colors && framesFor(seed, colors)),
      SEEDS,
    );
    return EXIT.ok;
  }
  if (values.data !== undefined) {
    const frames = wholeNumber('--frames', values.frames, 2, 10_000);
    const colors = await middleFrames(values.data, SIZE);
    console.log('Painted shapes with the colours of frames:');
    printSoftEdges((kind, seed) => paintEdge(kind, seed, SIZE, framesFor(seed, colors)));
    await printTrackedEdges(values.data, frames);
    return EXIT.ok;
  }
  printSoftEdges((kind, seed) => paintEdge(kind, seed, SIZE));
  printTime();
  printFlicker();
  if (values.pictures !== undefined) await writePictures(values.pictures);
  return EXIT.ok;
}

/** Frames of two clips. */
function framesFor(
  seed: number,
  frames: readonly RgbaImage[],
): readonly [object: RgbaImage, ground: RgbaImage] {
  const [object, ground] = [frames[seed % frames.length], frames[(seed + 3) % frames.length]];
  if (object && ground) return [object, ground];
  throw new UsageError('There are no frames.');
}

type Paint = (kind: EdgeKind, seed: number) => PaintedEdge;

/** How far alpha is from the painted one, and cut-outs over a new background, with the frame's colours and with the object's. */
function printSoftEdges(paint: Paint): void {
  const all = EDGE_KINDS.map((kind) => [kind, SEEDS.map((seed) => paint(kind, seed))] as const);
  console.log(
    `Mean absolute error of alpha, 0 to 1, over as many pixels as are partly covered; ${SEEDS.length} pictures each`,
  );
  printTable(
    ['edge', ...SETTINGS.map(([name]) => name)],
    all.map(([kind, painted]) => [
      kind,
      ...SETTINGS.map(([, edge]) => meanOf(painted.map((each) => errorOf(each, edge))).toFixed(3)),
    ]),
  );
  console.log(
    'Mean absolute error over black and white, 0 to 255, over as many pixels as are partly covered',
  );
  const alphas: readonly (readonly [name: string, alphaOf: (painted: PaintedEdge) => Uint8Array])[] = [
    ['true alpha', ({ alpha }) => alpha],
    ...[8, 16].map(
      (detail) => [`detail ${detail}`, (each: PaintedEdge) => alphaWith(each, { detail })] as const,
    ),
  ];
  printTable(
    ['edge', ...alphas.flatMap(([name]) => [`${name}, the frame’s`, 'the object’s'])],
    all.map(([kind, painted]) => [
      kind,
      ...alphas.flatMap(([, alphaOfEdge]) =>
        meansOf(painted.map((each) => colorErrors(each, alphaOfEdge(each)))).map((mean) => mean.toFixed(1)),
      ),
    ]),
  );
}

/** With the frame's colours, and with the object's. */
function colorErrors(painted: PaintedEdge, alpha: Uint8Array): readonly [frame: number, object: number] {
  const errorWith = (colors: Uint8ClampedArray) => compositeError(painted, alpha, colorsOf(colors));
  return [errorWith(painted.picture.data), errorWith(cutOut(painted.picture, alpha, WHOLE))];
}

function printTable(columns: readonly string[], rows: string[][]): void {
  console.log(`${formatTable([...columns], rows)}\n`);
}

const meansOf = (pairs: readonly (readonly [number, number])[]) => [
  meanOf(pairs.map(([first]) => first)),
  meanOf(pairs.map(([, second]) => second)),
];

/** Settings of the shape whose time is measured. */
const SHAPES: readonly Partial<EdgeSettings>[] = [
  { holes: 16, specks: 16 },
  { grow: 8 },
  { smooth: 8 },
  { steady: 4 },
];

/** The processor's time for a frame of 1920×1080 with an object of 800 pixels. */
function printTime(): void {
  const size = { width: 1920, height: 1080 };
  const { mask, picture } = paintDisc(size, 400);
  const now = () => process.cpuUsage().user / 1000;
  const shapeTimes = SHAPES.map((edge) => {
    const taken = Array.from({ length: 5 }, () => {
      const start = now();
      shapedMask(mask, { ...PLAIN_EDGE, ...edge }, { before: mask, after: mask });
      return now() - start;
    });
    return `${JSON.stringify(edge)} ${median(taken).toFixed(1)} ms`;
  });
  const times = Array.from({ length: 5 }, () => {
    const masks = [{ mask, edge: { ...PLAIN_EDGE, ...SOFT } }];
    const start = now();
    const alpha = objectsAlpha(masks, size, picture);
    const middle = now();
    cutOut(picture, alpha, softArea(masks));
    return [middle - start, now() - middle] as const;
  });
  console.log(
    `A frame of 1920×1080: shapes ${shapeTimes.join(', ')}; alpha with detail 16 ${Math.round(median(times.map(([alpha]) => alpha)))} ms, colours ${Math.round(median(times.map(([, colors]) => colors)))} ms`,
  );
}

const MOTIONS = [
  { name: 'still', speed: 0, turn: 0 },
  { name: 'slow, 3 pixels a frame', speed: 3, turn: 0 },
  { name: 'fast, 16 pixels a frame', speed: 16, turn: 0 },
  { name: 'slow, turns by 3° a frame', speed: 3, turn: 0.05 },
  { name: 'fast, turns by 9° a frame', speed: 8, turn: 0.15 },
] as const;
const REACH = 4;

/** How much noisy edges flicker, as they are and steadied. */
function printFlicker(): void {
  const rows = MOTIONS.map(({ name, ...motion }) => {
    const found = [0, REACH].map((reach) => SEEDS.map((seed) => measureFlicker(seed, motion, reach)));
    return [
      name,
      ...found.map((each) => meanOf(each.map(({ flicker }) => flicker)).toFixed(3)),
      ...found.map((each) => meanOf(each.map(({ iou }) => iou)).toFixed(3)),
    ];
  });
  console.log(
    '\nNoisy masks of a thing that moves: flicker as a share of its area, and IoU with its true masks',
  );
  console.log(formatTable(['motion', 'flicker', `steady ${REACH}`, 'IoU', `steady ${REACH}`], rows));
}

function alphaWith({ mask, picture }: PaintedEdge, edge: Partial<EdgeSettings>): Uint8Array {
  return objectsAlpha([{ mask, edge: { ...PLAIN_EDGE, ...edge } }], SIZE, picture);
}

function errorOf(painted: PaintedEdge, edge: Partial<EdgeSettings>): number {
  const found = alphaWith(painted, edge);
  let [sum, mixed] = [0, 0];
  painted.alpha.forEach((value, at) => {
    sum += Math.abs(value - (found[at] ?? 0)) / 255;
    mixed += Number(value > 0 && value < 255);
  });
  return sum / mixed;
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Each object as it was painted, and cut out on white: with its mask, with detail in the frame's colours and in the object's, and as it is.
 */
async function writePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const kind of EDGE_KINDS) {
    const painted = paintEdge(kind, SEEDS[0] ?? 0, SIZE);
    const frame = colorsOf(painted.picture.data);
    const soft = alphaWith(painted, SOFT);
    const cuts = {
      mask: composite(alphaWith(painted, {}), frame, 255),
      frame: composite(soft, frame, 255),
      object: composite(soft, colorsOf(cutOut(painted.picture, soft, WHOLE)), 255),
      truth: composite(painted.alpha, foregroundOf(painted), 255),
    };
    await writeFile(join(folder, `${kind}.png`), await encodeRgbaPng(painted.picture.data, SIZE));
    for (const [name, pixels] of Object.entries(cuts))
      await writeFile(join(folder, `${kind}-${name}.png`), await encodeRgbaPng(pixels, SIZE));
  }
}

await runCommand(main);
