import { defineConfig } from '@playwright/test';
import { findChromium, findFirefox, findWebKit } from './tools/setup.mjs';

const port = Number(process.env.E2E_PORT ?? 41739);
const executablePath = findChromium();

/** Chromium's sandbox does not run as root. */
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Nothing but the app may use the network or the processor while a test runs. */
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const launchOptions = { ...(executablePath && { executablePath }), args: [...asRoot, ...quiet] };

/**
 * WebAssembly stays as the first of V8's two compilers makes it, but where most of the time is spent. Every page compiles ONNX Runtime anew,
 * and the painted model does not run for so long that optimised code would pay.
 */
const hardlyOptimised = '--js-flags=--wasm-tiering-budget=1000000000';

export default defineConfig<{ program: string | undefined }>({
  // `light`: the app with the painted model, several tests at a time. `app`: the real model, which takes every core. `gpu`: an emulated GPU.
  // `firefox` and `webkit`: browsers that Playwright does not drive.
  testMatch: '*.spec.ts',
  projects: [
    {
      name: 'light',
      testDir: 'e2e',
      testIgnore: 'browsers/**',
      grepInvert: /@real/,
      fullyParallel: true,
      timeout: 120_000,
      use: { launchOptions: { ...launchOptions, args: [...launchOptions.args, hardlyOptimised] } },
    },
    { name: 'app', testDir: 'e2e', testIgnore: 'browsers/**', grep: /@real/ },
    { name: 'gpu', testDir: 'parity' },
    {
      name: 'firefox',
      testDir: 'e2e/browsers',
      testMatch: 'firefox.spec.ts',
      use: { program: findFirefox() },
    },
    // WebKitGTK now and then hands out the pixels of another frame; see README.
    {
      ...{ name: 'webkit', testDir: 'e2e/browsers', testMatch: 'webkit.spec.ts', retries: 2 },
      use: { program: findWebKit() },
    },
  ],
  outputDir: 'test-results/e2e',
  // One at a time: the model takes every core.
  workers: 1,
  fullyParallel: false,
  // A shared machine can stall. What passes at the second try only is named, and counted in the last line of `npm test`.
  retries: 1,
  forbidOnly: process.env.CI !== undefined,
  // The real model on two cores of WASM, shared with others: up to ten seconds for each frame.
  timeout: 420_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ['json', { outputFile: process.env.E2E_REPORT ?? 'test-results/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1280, height: 800 },
    // What a test puts in a file's place must reach the page. e2e/offline.spec.ts allows them.
    serviceWorkers: 'block',
    // A spinner that is drawn by the processor takes as much of it as the model.
    contextOptions: { reducedMotion: 'reduce' },
    // No trace: recording one takes as long as the test.
    screenshot: 'only-on-failure',
    launchOptions,
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host localhost --port ${port} --strictPort`,
    url: `http://localhost:${port}/`,
    // The hubs that tests start.
    env: { MASKLET_HUBS: 'http://localhost:*' },
    reuseExistingServer: false,
    timeout: 30_000,
  },
});
