import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ClipInfo } from '../../src/core/clip.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { Frame, FrameSource, RgbaImage } from '../../src/core/frames.ts';

/** Frames that a backward read decodes at a time. */
const CHUNK = 24;

/** The frames of a video file, or of a folder of JPEG or PNG files in the order of their names, through ffmpeg. */
export class FfmpegSource implements FrameSource {
  readonly info: ClipInfo;
  readonly #input: readonly string[];

  private constructor(info: ClipInfo, input: readonly string[]) {
    this.info = info;
    this.#input = input;
  }

  /** @throws MaskletError `file-not-media` if ffmpeg finds no video in it, `not-ready` if there is no ffmpeg. */
  static async open(path: string): Promise<FfmpegSource> {
    const input = (await stat(path)).isDirectory() ? await folderInput(path) : ['-i', path];
    const probe = await run('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v:0', '-count_packets'],
      ...['-show_entries', 'stream=codec_name,width,height,nb_read_packets,r_frame_rate', '-of', 'json'],
      ...input,
    ]);
    const { streams } = JSON.parse(probe.toString()) as {
      streams: {
        codec_name: string;
        width: number;
        height: number;
        nb_read_packets: string;
        r_frame_rate: string;
      }[];
    };
    const [stream] = streams;
    if (!stream) throw new MaskletError('file-not-media', `ffmpeg finds no video in ${path}.`);
    const [numerator = 25, denominator = 1] = stream.r_frame_rate.split('/').map(Number);
    const frameCount = Number(stream.nb_read_packets);
    const frameSeconds = denominator / numerator;
    return new FfmpegSource(
      {
        kind: 'video',
        width: stream.width,
        height: stream.height,
        frameCount,
        timestamps: Float64Array.from({ length: frameCount }, (_, index) => index * frameSeconds),
        duration: frameCount * frameSeconds,
        codec: stream.codec_name,
      },
      input,
    );
  }

  async frame(index: number, signal?: AbortSignal): Promise<Frame> {
    for await (const frame of this.frames(index, index, signal)) return frame;
    throw new RangeError(`There is no frame ${index} in a clip of ${this.info.frameCount}.`);
  }

  async *frames(first: number, last: number, signal?: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    if (first <= last) {
      yield* this.#read(first, last, signal);
      return;
    }
    for (let end = first; end >= last; end -= CHUNK) {
      const chunk: Frame[] = [];
      for await (const frame of this.#read(Math.max(last, end - CHUNK + 1), end, signal))
        chunk.unshift(frame);
      yield* chunk;
    }
  }

  dispose(): void {
    // Nothing outlives a read: each has its own ffmpeg.
  }

  async *#read(first: number, last: number, signal?: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    const { width, height } = this.info;
    const bytes = width * height * 4;
    const ffmpeg = spawn(
      'ffmpeg',
      [
        ...[
          '-v',
          'error',
          '-nostdin',
          ...this.#input,
          '-vf',
          `select=between(n\\,${first}\\,${last})`,
          '-fps_mode',
          'passthrough',
        ],
        ...['-frames:v', String(last - first + 1), '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      let index = first;
      let data = new Uint8ClampedArray(bytes);
      let filled = 0;
      for await (const chunk of ffmpeg.stdout as AsyncIterable<Buffer>) {
        throwIfAborted(signal);
        for (let from = 0; from < chunk.length;) {
          const part = chunk.subarray(from, from + bytes - filled);
          data.set(part, filled);
          filled += part.length;
          from += part.length;
          if (filled < bytes) continue;
          yield pixelFrame(index++, { width, height, data });
          data = new Uint8ClampedArray(bytes);
          filled = 0;
        }
      }
    } finally {
      ffmpeg.kill();
    }
  }
}

/** All images of the kind that the folder's first one is. */
async function folderInput(path: string): Promise<string[]> {
  const first = (await readdir(path)).sort().find((name) => /\.(jpe?g|png)$/i.test(name));
  if (first === undefined)
    throw new MaskletError('file-not-media', `There are no JPEG or PNG files in ${path}.`);
  const pattern = join(path, `*${extname(first)}`);
  return ['-f', 'image2', '-pattern_type', 'glob', '-framerate', '25', '-i', pattern];
}

function pixelFrame(index: number, image: RgbaImage): Frame {
  let open = true;
  return {
    index,
    pixels: () =>
      open
        ? Promise.resolve(image)
        : Promise.reject(new MaskletError('disposed', `Frame ${index} is closed.`)),
    close: () => {
      open = false;
    },
  };
}

/** Runs a program to its end and gives its output. */
async function run(program: string, args: readonly string[]): Promise<Buffer> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  try {
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new MaskletError('file-not-media', `${program} could not read the input.`);
  } catch (cause) {
    if (cause instanceof MaskletError) throw cause;
    throw new MaskletError('not-ready', `${program} is not on the PATH. Install ffmpeg.`, { cause });
  }
  return Buffer.concat(output);
}
