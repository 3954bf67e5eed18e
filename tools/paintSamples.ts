/**
 * `npx tsx tools/paintSamples.ts [NAME…]`: paints the samples of the start page that are not filmed, and small pictures of all of them,
 * into `public/samples`. The same script paints the same samples. Needs `ffmpeg`; takes about a minute for each clip.
 */
import { execFileSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Painter } from './samples/render.ts';
import { SAMPLES, type Sample } from './samples/scenes.ts';
import { root } from './setup.mjs';

const FOLDER = join(root, 'public/samples');
const [WIDTH, HEIGHT, FPS] = [960, 540, 24];
const EXACT = ['-fflags', '+bitexact', '-flags', '+bitexact', '-map_metadata', '-1', '-threads', '1'];
const H264 = [
  '-c:v',
  'libx264',
  '-preset',
  'slow',
  '-crf',
  '24',
  '-pix_fmt',
  'yuv420p',
  '-movflags',
  '+faststart',
];
/** The frame that each sample is pictured by. */
const PICTURED: Readonly<Record<string, number>> = {
  bigbuckbunny: 40,
  'ball-and-pillar': 10,
  'two-balls': 18,
};

const ffmpeg = (args: readonly string[], input?: Uint8Array) =>
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], {
    ...(input && { input }),
    cwd: FOLDER,
    maxBuffer: 1e9,
  });

/** @returns the file's name */
function paint({ name, frames, scene, balls }: Sample): string {
  const painter = new Painter(scene, WIDTH, HEIGHT);
  const moments = Array.from({ length: frames }, (_, frame) => balls(frame / Math.max(1, frames - 1)));
  const raw = Buffer.concat(painter.paint(moments));
  const source = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${WIDTH}x${HEIGHT}`,
    '-r',
    `${FPS}`,
    '-i',
    '-',
  ];
  const file = frames === 1 ? `${name}.jpg` : `${name}.mp4`;
  const coding = frames === 1 ? ['-q:v', '3'] : H264;
  ffmpeg([...source, ...coding, ...EXACT, file], raw);
  return file;
}

/** A small picture of a sample, for the start page. */
function picture(name: string, file: string): string {
  const select = `select=eq(n\\,${PICTURED[name] ?? 0}),scale=384:216:force_original_aspect_ratio=increase,crop=384:216`;
  const output = `${name}.webp`;
  ffmpeg([
    '-i',
    file,
    '-vf',
    select,
    '-frames:v',
    '1',
    '-c:v',
    'libwebp',
    '-quality',
    '80',
    ...EXACT,
    output,
  ]);
  return output;
}

const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const files: string[] = [];
for (const sample of SAMPLES.filter(({ name }) => isWanted(name))) {
  const file = paint(sample);
  files.push(file, picture(sample.name, file));
}
if (isWanted('bigbuckbunny')) files.push(picture('bigbuckbunny', 'bigbuckbunny.mp4'));
for (const file of files) console.log(`${file}: ${(await stat(join(FOLDER, file))).size} bytes`);
