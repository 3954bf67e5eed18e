import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import { imageSize } from 'image-size';
import { MAX_FRAME_SIDE } from '../../src/core/clip.ts';
import { MaskletError } from '../../src/core/errors.ts';
import type { Size } from '../../src/core/geometry.ts';
import { runFfmpeg } from './ffmpeg.ts';

/** Where frames come from, and how ffmpeg is told to read a part of them. */
export interface FfmpegInput {
  readonly size: Size;
  readonly codec: string;
  /** When each frame is shown, in seconds; ascending from 0. */
  readonly timestamps: Float64Array;
  readonly duration: number;
  /** Of the video's clock; times are whole numbers of them. */
  readonly ticksPerSecond?: number;
  /** What each frame is called, without an ending; the masks of a clip are named after its frames. */
  readonly names: readonly string[];
  /** ffmpeg's arguments from the input to the filters, for frames `first` to `last`; `pipe` goes to its standard input. */
  read(
    first: number,
    last: number,
  ): { readonly args: readonly string[]; readonly pipe?: AsyncIterable<Buffer> };
}

const IMAGES: Readonly<Record<string, string>> = { '.jpg': 'jpeg', '.jpeg': 'jpeg', '.png': 'png' };
/** A folder of frames has no times of its own. */
const FOLDER_RATE = 25;

/** @throws MaskletError `file-not-media` if it is neither a video nor a folder of frames. */
export async function ffmpegInput(path: string): Promise<FfmpegInput> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new MaskletError('file-not-media', `There is no file or folder ${path}.`, { cause });
  });
  return found.isDirectory() ? folderInput(path) : videoInput(path);
}

/** Names of the JPEG and PNG files in a folder, in the order of their frames. */
export async function frameFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => kindOf(name) !== undefined).sort();
}

/**
 * The JPEG or PNG files of a folder in the order of their names, by code units: 10.jpg comes before 9.jpg. ffmpeg gets the
 * files through a pipe: it can neither skip one nor read one that is not asked for.
 */
async function folderInput(folder: string): Promise<FfmpegInput> {
  const files = await frameFiles(folder);
  const [first] = files;
  if (first === undefined) {
    throw new MaskletError('file-not-media', `There are no JPEG or PNG files in ${folder}.`);
  }
  const codec = kindOf(first) ?? '';
  refuseSameNames(folder, files);
  const size = await sizeOf(join(folder, first));
  for (const name of files) {
    if (kindOf(name) !== codec) {
      throw new MaskletError(
        'file-not-media',
        `The frames in ${folder} are of two kinds: ${first} and ${name}. Keep those of one kind in it.`,
      );
    }
    const { width, height } = await sizeOf(join(folder, name));
    if (width !== size.width || height !== size.height) {
      throw new MaskletError(
        'file-not-media',
        `The frames in ${folder} differ in size: ${first} is ${size.width}×${size.height}, ${name} is ${width}×${height}.`,
      );
    }
  }
  return {
    size: checkSize(size, folder),
    codec,
    timestamps: Float64Array.from(files, (_, index) => index / FOLDER_RATE),
    duration: files.length / FOLDER_RATE,
    names: files.map((name) => parse(name).name),
    read: (from, to) => ({
      args: ['-f', `${codec}_pipe`, '-i', '-'],
      pipe: readAll(files.slice(from, to + 1).map((name) => join(folder, name))),
    }),
  };
}

/** Two frames that differ only in capitals or endings would share one mask file, here or on another system. */
function refuseSameNames(folder: string, files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const name = parse(file).name.normalize('NFC').toLowerCase();
    const other = seen.get(name);
    if (other !== undefined) {
      throw new MaskletError(
        'file-not-media',
        `The frames ${other} and ${file} in ${folder} would have masks of the same name. Rename one of them.`,
      );
    }
    seen.set(name, file);
  }
}

function kindOf(name: string): string | undefined {
  return name.startsWith('.') ? undefined : IMAGES[extname(name).toLowerCase()];
}

async function sizeOf(path: string): Promise<Size> {
  try {
    const { width, height, orientation = 1 } = imageSize(await readFile(path));
    // ffmpeg shows a picture as its EXIF data turns it.
    return orientation > 4 ? { width: height, height: width } : { width, height };
  } catch (cause) {
    throw new MaskletError('file-damaged', `${path} is not a picture that can be read.`, { cause });
  }
}

async function* readAll(paths: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  for (const path of paths) yield* createReadStream(path) as AsyncIterable<Buffer>;
}

interface Probe {
  readonly streams?: readonly {
    readonly codec_name?: string;
    readonly time_base?: string;
    readonly sample_aspect_ratio?: string;
    readonly color_space?: string;
  }[];
  readonly packets?: readonly {
    /** In ticks of the time base. */
    readonly pts?: number;
    readonly duration_time?: string;
    readonly flags?: string;
  }[];
}

async function videoInput(path: string): Promise<FfmpegInput> {
  const probe = await runFfmpeg(
    'ffprobe',
    [
      ...['-v', 'error', '-select_streams', 'v:0', '-of', 'json', '-show_entries'],
      ...['stream=codec_name,time_base,sample_aspect_ratio,color_space:packet=pts,duration_time,flags', path],
    ],
    path,
  ).catch((cause: unknown) => {
    if (cause instanceof MaskletError && cause.code === 'not-ready') throw cause;
    throw new MaskletError('file-not-media', cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  });
  const { streams = [], packets = [] } = JSON.parse(probe.toString()) as Probe;
  const [stream] = streams;
  if (!stream) throw new MaskletError('file-not-media', `ffmpeg finds no video in ${path}.`);
  // A packet that an edit list hides is decoded but never shown.
  const shown = packets.filter(({ flags = '' }) => !flags.includes('D'));
  if (shown.length === 0) throw new MaskletError('no-frames', `There are no frames in ${path}.`);
  const [numerator = 0, denominator = 0] = (stream.time_base ?? '').split('/').map(Number);
  const isTimed = numerator > 0 && denominator > 0 && shown.every(({ pts }) => pts !== undefined);
  const ticks = shown.map(({ pts = 0 }, i) => (isTimed ? pts : i)).sort((a, b) => a - b);
  const start = ticks[0] ?? 0;
  const [seconds, per] = isTimed ? [numerator, denominator] : [1, FOLDER_RATE];
  const timestamps = Float64Array.from(ticks, (tick) => ((tick - start) * seconds) / per);
  const lastDuration = Number(shown.at(-1)?.duration_time ?? 1 / FOLDER_RATE);
  const filters = squarePixels(stream.sample_aspect_ratio);
  return {
    size: checkSize(await displayedSize(path, filters), path),
    codec: stream.codec_name ?? 'unknown',
    timestamps,
    duration: (timestamps.at(-1) ?? 0) + lastDuration,
    ...(isTimed && seconds === 1 && { ticksPerSecond: per }),
    names: ticks.map((_, index) => String(index).padStart(5, '0')),
    read: (first, last) => ({
      args: [
        '-i',
        path,
        '-map',
        '0:v:0',
        '-vf',
        [`select=between(n\\,${first}\\,${last})`, ...filters, ...colours(stream.color_space)].join(','),
      ],
    }),
  };
}

/**
 * Makes pixels square, as players show them: the shorter side is stretched. The filter sees the aspect as a rotation in the
 * file has turned it.
 */
function squarePixels(aspect: string | undefined): string[] {
  const [across = 1, down = 1] = (aspect ?? '1:1').split(':').map(Number);
  if (across === down || !(across > 0) || !(down > 0)) return [];
  return ['scale=round(iw*max(sar\\,1)):round(ih*max(1/sar\\,1))', 'setsar=1'];
}

/** Where a file does not say how its colours are coded, browsers take BT.709 for any size; ffmpeg would take BT.601. */
function colours(space: string | undefined): string[] {
  return space === undefined || space === 'unknown' ? ['scale=in_color_matrix=bt709', 'format=rgba'] : [];
}

/** The size of a decoded frame, which a rotation in the file may have turned. */
async function displayedSize(path: string, filters: readonly string[]): Promise<Size> {
  const picture = await runFfmpeg(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-i', path, '-map', '0:v:0', '-frames:v', '1'],
      ...(filters.length > 0 ? ['-vf', filters.join(',')] : []),
      ...['-c:v', 'png', '-f', 'image2pipe', '-'],
    ],
    path,
  );
  const { width, height } = imageSize(picture);
  return { width, height };
}

function checkSize(size: Size, path: string): Size {
  if (Math.max(size.width, size.height) <= MAX_FRAME_SIDE) return size;
  throw new MaskletError(
    'too-large',
    `The frames of ${path} are ${size.width}×${size.height}: more than ${MAX_FRAME_SIDE} pixels on a side is too large.`,
  );
}
