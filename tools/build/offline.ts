import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformWithOxc, type Plugin } from 'vite';

const SCRIPT = 'sw.js';

/** What the script does not keep: weights, which the library keeps (docs/models.md); what hosts read; the script itself. */
const LEFT_OUT = /^models\/(?!.*\.json$)|^[._]|^headers\.nginx\.conf$|^sw\.js$/;

/**
 * Writes the script that keeps the built app for visits without a network, with a list of all its files and their hashes.
 *
 * @param source path of the script's source
 * @param headers that are added where the host sends none
 */
export function offlineScript(source: string, headers: Readonly<Record<string, string>>): Plugin {
  let folder = '';
  return {
    name: 'offline-script',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = join(root, build.outDir);
    },
    // When everything is written, what was copied from `public` as well.
    async closeBundle() {
      const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(folder.length + 1)
            .replaceAll('\\', '/'),
        )
        .filter((name) => !LEFT_OUT.test(name))
        .toSorted();
      const hash = async (name: string) =>
        createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('base64');
      const files = Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, `sha256-${await hash(name)}`] as const)),
      );
      const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
      const { code } = await transformWithOxc(await readFile(source, 'utf8'), source, {});
      await writeFile(
        join(folder, SCRIPT),
        `const RELEASE = ${JSON.stringify({ version, files, headers })};\n${code.replace(/^export \{\};?$/m, '')}`,
      );
    },
  };
}
