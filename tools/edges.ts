/**
 * `npm run edges -- [--pictures DIR]`: how near soft edges come to painted ones whose alpha is known. Prints the error of each setting, and
 * writes pictures to look at. See docs/quality.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { alphaOf, layAlpha } from '../src/core/edges/edges.ts';
import { PLAIN_EDGE, type EdgeSettings } from '../src/core/edges/edgeSettings.ts';
import { encodeRgbaPng } from '../src/core/png.ts';
import { EDGE_KINDS, paintEdge, type PaintedEdge } from './edges/paintedEdges.ts';
import { measureFlicker } from './edges/flicker.ts';
import { formatTable } from './eval/table.ts';
import { EXIT, runCommand } from './node/runCommand.ts';

const SIZE = { width: 854, height: 480 };
/** The regularization of the filter was chosen on seeds 1 to 4. */
const SEEDS = [11, 12, 13, 14, 15, 16, 17, 18];
const SETTINGS: readonly (readonly [name: string, edge: Partial<EdgeSettings>])[] = [
  ['mask as it is', {}],
  ['feather 4', { feather: 4 }],
  ['feather 8', { feather: 8 }],
  ['detail 8', { detail: 8 }],
  ['detail 16', { detail: 16 }],
  ['detail 24', { detail: 24 }],
];

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { pictures: { type: 'string' } } });
  const rows = EDGE_KINDS.map((kind) => {
    const painted = SEEDS.map((seed) => paintEdge(kind, seed, SIZE));
    return [
      kind,
      ...SETTINGS.map(([, edge]) => meanOf(painted.map((each) => errorOf(each, edge))).toFixed(3)),
    ];
  });
  console.log(
    `Mean absolute error of alpha, 0 to 1, over as many pixels as are partly covered; ${SEEDS.length} pictures each`,
  );
  console.log(formatTable(['edge', ...SETTINGS.map(([name]) => name)], rows));
  printFlicker();
  if (values.pictures !== undefined) await writePictures(values.pictures);
  return EXIT.ok;
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

function alphaWith({ mask, picture, alpha }: PaintedEdge, edge: Partial<EdgeSettings>): Uint8Array {
  const found = new Uint8Array(alpha.length);
  layAlpha(found, SIZE, alphaOf(mask, { ...PLAIN_EDGE, ...edge }, picture));
  return found;
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

/** Each object as it was painted, and cut out with its mask and with detail, on white. */
async function writePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const kind of EDGE_KINDS) {
    const painted = paintEdge(kind, SEEDS[0] ?? 0, SIZE);
    const cuts = {
      mask: alphaWith(painted, {}),
      detail: alphaWith(painted, { detail: 16 }),
      truth: painted.alpha,
    };
    await writeFile(join(folder, `${kind}.png`), await encodeRgbaPng(painted.picture.data, SIZE));
    for (const [name, alpha] of Object.entries(cuts)) {
      const pixels = Uint8Array.from(painted.picture.data, (value, at) => {
        const share = (alpha[Math.floor(at / 4)] ?? 0) / 255;
        return at % 4 === 3 ? 255 : Math.round(value * share + 255 * (1 - share));
      });
      await writeFile(join(folder, `${kind}-${name}.png`), await encodeRgbaPng(pixels, SIZE));
    }
  }
}

await runCommand(main);
