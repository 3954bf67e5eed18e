import type { Plugin, Rolldown } from 'vite';

/** Chunks of a bundle, by file name. */
export type Chunks = Readonly<
  Record<
    string,
    Pick<Rolldown.OutputChunk, 'type' | 'isEntry' | 'imports' | 'dynamicImports'> | { type: 'asset' }
  >
>;

/**
 * The output of a worker's bundle: the entry point holds its few lines only, and what else it needs at once lies in a chunk of
 * its own, from which lazy chunks can import too.
 */
export const workerOutput: Rolldown.OutputOptions = {
  codeSplitting: {
    groups: [{ name: 'shared', tags: ['$initial'], test: (id) => !id.endsWith('.worker.ts') }],
  },
};

/** `CHUNK imports ENTRY` for each import of an entry point by another chunk of the same bundle. */
export function importsOfEntries(chunks: Chunks): string[] {
  return Object.entries(chunks).flatMap(([name, chunk]) => {
    if (chunk.type === 'asset') return [];
    const entries = [...chunk.imports, ...chunk.dynamicImports].filter((file) => {
      const imported = chunks[file];
      return imported?.type === 'chunk' && imported.isEntry;
    });
    return entries.map((entry) => `${name} imports ${entry}`);
  });
}

/**
 * Fails a build in which a chunk imports an entry point. WebKit evaluates a worker's entry point a second time when a lazy chunk
 * imports it, and then two services answer.
 */
export function entriesAreNotImported(): Plugin {
  return {
    name: 'entries-are-not-imported',
    generateBundle(_options, bundle) {
      const found = importsOfEntries(bundle);
      if (found.length > 0) this.error(`No chunk may import an entry point: ${found.join('; ')}.`);
    },
  };
}
