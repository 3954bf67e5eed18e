/**
 * `npm run bench:export`: whether an export takes more memory for a long clip than for a short one; `npm run bench:export -- --video`: the same of
 * videos, in the browser. See docs/performance.md.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { encodeRle, type MaskRle } from '../src/core/rle.ts';
import type { MaskedClip } from '../src/core/maskedClip.ts';
import type { FormatId } from '../src/formats/formatFacts.ts';
import { FORMATS } from '../src/formats/formats.ts';
import { Report } from '../src/formats/report.ts';
import { zipBytes } from '../src/formats/zip.ts';
import { LONG_CLIP, type VideoOrderOfBench } from './bench/longClip.ts';
import { measureVideos } from './bench/videoMemory.ts';
import { formatTable } from './eval/table.ts';
import { EXIT, runCommand } from './node/runCommand.ts';

const SIZE = { width: 320, height: 180 };
const FPS = 25;
const MINUTES = [6, 60];
const FORMATS_TO_WRITE: readonly FormatId[] = ['coco', 'youtube-vis', 'png'];
/** Pieces of a file between two looks at the memory. */
const STEP = 5000;

const VIDEOS: readonly VideoOrderOfBench[] = [
  { look: 'overlay', isSoft: false },
  { look: 'color', isSoft: true },
];

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { video: { type: 'boolean', default: false } } });
  await (values.video ? printVideos() : printMasks());
  return EXIT.ok;
}

async function printVideos(): Promise<void> {
  const found = await measureVideos(VIDEOS);
  const { width, height, minutes, rate } = LONG_CLIP;
  console.log(
    `Exports of ${minutes} minutes at ${width}×${height}, ${rate} frames a second, one object, as MP4; most memory of the page’s process in each quarter`,
  );
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const rows = found.map(({ seconds, bytes, quarters }, at) => [
    `${VIDEOS[at]?.look}${VIDEOS[at]?.isSoft ? ', soft edges' : ''}`,
    ...[seconds.toFixed(0), megabytes(bytes), ...quarters.map(megabytes)],
  ]);
  console.log(
    formatTable(['look', 'seconds', 'MB written', '1st, MB', '2nd, MB', '3rd, MB', '4th, MB'], rows),
  );
}

async function printMasks(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const format of FORMATS_TO_WRITE)
    for (const minutes of MINUTES) {
      const { bytes, heap } = await write(format, minutes * 60 * FPS);
      rows.push([format, minutes, (bytes / 1e6).toFixed(1), (heap / 1e6).toFixed(1)]);
    }
  console.log(
    `Exports of masks at ${SIZE.width}×${SIZE.height}, ${FPS} frames a second, one object; most heap in use while they are written`,
  );
  console.log(formatTable(['format', 'minutes', 'MB written', 'MB of heap'], rows));
}

/** Writes an export to nowhere. */
async function write(format: FormatId, frameCount: number): Promise<{ bytes: number; heap: number }> {
  const files = FORMATS[format].write(clipOf(frameCount), {}, new Report());
  const before = heapInUse();
  let [bytes, pieces, heap] = [0, 0, 0];
  for await (const piece of zipBytes(files, new AbortController().signal)) {
    bytes += piece.length;
    if (pieces++ % STEP === 0) heap = Math.max(heap, heapInUse() - before);
  }
  return { bytes, heap };
}

/** Bytes of the heap that are in use, once what is not was collected. */
function heapInUse(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A disc that goes round. Its masks are made as they are asked for. */
function clipOf(frameCount: number): MaskedClip {
  const masks: MaskRle[] = Array.from({ length: FPS }, (_, at) => {
    const angle = (2 * Math.PI * at) / FPS;
    const [cx, cy] = [160 + 60 * Math.cos(angle), 90 + 40 * Math.sin(angle)];
    const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (__, pixel) =>
      Number(Math.hypot((pixel % SIZE.width) - cx, Math.floor(pixel / SIZE.width) - cy) < 40),
    );
    return encodeRle(pixels, SIZE);
  });
  return {
    ...SIZE,
    ...{ name: 'clip', frameCount, fps: FPS },
    frames: Array.from({ length: frameCount }, (_, number) => ({
      ...{ number, name: String(number).padStart(5, '0') },
      ...{ time: number / FPS, duration: 1 / FPS },
    })),
    objects: [{ id: 1, name: 'disc', category: 'disc', color: [255, 0, 0] }],
    async *frameMasks() {
      for (let at = 0; at < frameCount; at++) {
        const mask = masks[at % FPS];
        if (mask) yield { at, masks: new Map([[1, { mask, score: 0.9 }]]) };
      }
    },
  };
}

await runCommand(main);
