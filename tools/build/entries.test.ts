import { expect, it } from 'vitest';
import { importsOfEntries } from './entries.ts';

const chunk = (isEntry: boolean, imports: string[] = [], dynamicImports: string[] = []) => ({
  type: 'chunk' as const,
  isEntry,
  imports,
  dynamicImports,
});

it('finds chunks that import an entry point, at once or later', () => {
  const bundle = {
    'a.worker.js': chunk(true, ['shared.js']),
    'shared.js': chunk(false, [], ['lazy.js']),
    'lazy.js': chunk(false, ['shared.js']),
    'model.wasm': { type: 'asset' as const },
  };
  expect(importsOfEntries(bundle)).toEqual([]);
  expect(
    importsOfEntries({
      ...bundle,
      'lazy.js': chunk(false, ['a.worker.js']),
      'later.js': chunk(false, [], ['a.worker.js']),
    }),
  ).toEqual(['lazy.js imports a.worker.js', 'later.js imports a.worker.js']);
});
