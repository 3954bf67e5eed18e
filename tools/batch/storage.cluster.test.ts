import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../setup.mjs';
import { findSnakemake } from './programs.mjs';

const snakemake = findSnakemake();
/** In place of `npm run track`, a script that says whether the video is there. */
const IS_THERE = 'test -s "$1"\n';

let folder = '';
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masklet-storage-'));
  server = createServer(({ url }, response) => {
    if (url === '/there.mp4') createReadStream(join(root, 'e2e/fixtures/tiny.mp4')).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

it.skipIf(snakemake === undefined)(
  'a video at an address is fetched for its own job, and one that is not there fails alone',
  async () => {
    const address = `http://localhost:${(server.address() as AddressInfo).port}`;
    const rows = ['absent', 'there'].map((clip) => `${clip},${address}/${clip}.mp4,,`);
    await writeFile(join(folder, 'clips.csv'), ['clip,input,prompts,options', ...rows, ''].join('\n'));
    await writeFile(join(folder, 'isThere.sh'), IS_THERE);
    const args = [
      ...['-s', join(root, 'batch/Snakefile'), '--directory', folder, '--cores', '1', '--retries', '0'],
      ...['--config', 'table=clips.csv', 'out=masks', 'track=sh isThere.sh', 'report=true'],
    ];
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
    const ended = promisify(execFile)(snakemake ?? '', args, { env });
    await expect(ended).rejects.toMatchObject({ code: 1 });
    expect(await readdir(join(folder, 'masks/done'))).toEqual(['there']);
  },
  120_000,
);
