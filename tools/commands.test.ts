import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './setup.mjs';

// What the commands do is tested with one file of each (tools/testing/bundled.ts); here they start as a person starts them.
it.each(['track', 'convert'])('npm run %s starts, and tells how it is used', async (name) => {
  const { stdout } = await promisify(execFile)('npm', ['run', name, '--', '--help'], { cwd: root });
  expect(stdout).toContain(`npm run ${name} --`);
});
