/**
 * `npm run paint-clips -- DIR [N]`: paints N small clips (40 if left out), each with two things that move, what a person would say of them
 * (a prompt file with a box round each on the first frame), and the table of docs/batch.md. They are what docs/annotation.md is tried on.
 * The same command paints the same clips. Needs `ffmpeg`.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rleBounds } from '../src/core/rle.ts';
import { paintPair } from './eval/pairs.ts';
import { runCommand, EXIT } from './node/runCommand.ts';
import { UsageError, wholeNumber } from './node/usage.ts';

const KINDS = ['past', 'cross', 'turn', 'beside', 'shuffle'] as const;
const NAMES: Readonly<Record<(typeof KINDS)[number], string>> = {
  ...{ past: 'ball', cross: 'walker', turn: 'ball', beside: 'walker', shuffle: 'cup' },
};
/** The first number of a clip of each kind; those of `npm run eval -- --pairs` are smaller. */
const FIRST_SEED = 201;
const FPS = 12;

async function main(): Promise<number> {
  const [folder, count = '40', ...more] = process.argv.slice(2);
  if (folder === undefined || more.length > 0) throw new UsageError('npm run paint-clips -- DIR [N]');
  const clips = wholeNumber('N', count, 1, 1000);
  await mkdir(folder, { recursive: true });
  const rows = ['clip,input,prompts,options'];
  for (let i = 0; i < clips; i++) {
    const kind = KINDS[i % KINDS.length] ?? 'past';
    const name = `${kind}-${FIRST_SEED + Math.floor(i / KINDS.length)}`;
    const [video, prompts] = [join(folder, `${name}.mp4`), join(folder, `${name}.json`)];
    await paint(name, NAMES[kind], video, prompts);
    rows.push(`${name},${video},${prompts},`);
  }
  await writeFile(join(folder, 'clips.csv'), `${rows.join('\n')}\n`);
  console.log(`${clips} clips and ${join(folder, 'clips.csv')}`);
  return EXIT.ok;
}

async function paint(clip: string, what: string, video: string, prompts: string): Promise<void> {
  const { source, objects } = await paintPair(clip);
  const { width, height, frameCount } = source.info;
  const frames: Uint8Array[] = [];
  for (let frame = 0; frame < frameCount; frame++) {
    const { data } = await (await source.frame(frame)).pixels();
    frames.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice());
  }
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-r', String(FPS)];
  const coded = ['-c:v', 'libx264', '-crf', '18', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...raw, '-i', '-', ...coded, video], {
    input: Buffer.concat(frames),
  });
  const file = {
    version: 1,
    objects: objects.map(({ truth: [first] }, at) => {
      const { x0 = 0, y0 = 0, x1 = 0, y1 = 0 } = (first && rleBounds(first)) ?? {};
      return { id: at + 1, name: what, prompts: [{ frame: 0, box: [x0, y0, x1, y1] }] };
    }),
  };
  await writeFile(prompts, `${JSON.stringify(file, null, 1)}\n`);
}

await runCommand(main);
