import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** What a first visit loads of JavaScript before anything is shown, packed, in bytes. */
const BUDGET = 250_000;

/** Packed bytes of the entry points' code with all that they import at once. */
export function initialBytes(bundle: Rolldown.OutputBundle): number {
  const wanted = new Set<string>();
  const want = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || wanted.has(name)) return;
    wanted.add(name);
    chunk.imports.forEach(want);
  };
  for (const [name, chunk] of Object.entries(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) want(name);
  return Array.from(wanted).reduce((sum, name) => {
    const chunk = bundle[name];
    return chunk?.type === 'chunk' ? sum + gzipSync(chunk.code).length : sum;
  }, 0);
}

/** Fails a build whose page loads more JavaScript at once than the budget. */
export function sizeBudget(): Plugin {
  return {
    name: 'size-budget',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const bytes = initialBytes(bundle);
        if (bytes > BUDGET)
          this.error(`The page loads ${bytes} bytes of JavaScript at once, packed: more than ${BUDGET}.`);
      },
    },
  };
}
