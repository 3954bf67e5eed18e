import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Cross-origin isolation: without it the browser gives no shared memory, and WASM runs on one thread. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** ONNX Runtime's loader and .wasm are files of ours that it is told about, not code inlined into our bundles. */
const conditions = ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'];

export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: { conditions },
  worker: { format: 'es' },
  assetsInclude: ['**/*.onnx'],
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1024 },
  server: { headers: isolation },
  preview: { headers: isolation },
});
