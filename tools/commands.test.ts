import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { root } from './setup.mjs';
import { discCentre, hasFfmpeg, writeDiscClip } from './testing/discClip.ts';

const run = promisify(execFile);

// What the commands do is tested with one file of each (tools/testing/bundled.ts); here they start as a person starts them.
it.each(['track', 'convert'])('npm run %s starts, and tells how it is used', async (name) => {
  const { stdout } = await run('npm', ['run', name, '--', '--help'], { cwd: root });
  expect(stdout).toContain(`npm run ${name} --`);
});

it.skipIf(!hasFfmpeg)(
  'the command for a container takes paths from the folder it is started in',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'masklet-elsewhere-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeDiscClip(join(folder, 'frames'), 2);
    const disc = { id: 1, name: 'disc', prompts: [{ frame: 0, points: [{ ...discCentre(0), label: 1 }] }] };
    await writeFile(join(folder, 'prompts.json'), JSON.stringify({ version: 1, objects: [disc] }));
    const model = join(root, 'fixtures/models/painted');
    const args = [
      'frames',
      '--prompts',
      'prompts.json',
      '--out',
      'masks',
      '--model',
      model,
      '--threads',
      '1',
    ];
    const [program = '', ...command] = await containerCommand();
    await run(program, [...command, ...args], { cwd: folder });
    expect(await readdir(join(folder, 'masks'))).toContain('00001.png');
  },
);

/** What docs/batch.md sets `track` to, for this folder in place of the image's. */
async function containerCommand(): Promise<string[]> {
  const docs = await readFile(join(root, 'docs/batch.md'), 'utf8');
  const [, command = ''] = /^track: (.+)$/m.exec(docs) ?? [];
  return command.split(' ').map((word) => word.replace(/^\/masklet\//, `${root}/`));
}
