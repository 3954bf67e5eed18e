// @ts-check
/** Builds the page of parity/parity.spec.ts into the folder given. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
if (outDir === undefined) throw new Error('Where to?');
await build({
  configFile: false,
  root: fileURLToPath(new URL('page', import.meta.url)),
  base: './',
  logLevel: 'warn',
  worker: { format: 'es' },
  // As in vite.config.ts: ONNX Runtime's loader and .wasm stay files.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'] },
  build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1024, outDir, emptyOutDir: true },
});
