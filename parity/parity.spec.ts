import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { chromium, expect, test, type Page } from '@playwright/test';
import { COMPUTING_GPU, IS_REAL_GPU } from '../e2e/chromiumGpu.ts';

/**
 * SAM 2's tracker inside a browser, held to the reference on tiny random models: fixtures/models, which `tools/export`
 * writes. The GPU is that of chromiumGpu.ts.
 */

const PAGE = resolve('test-results/parity-page');
/** What the page's server has beside the page. */
const FOLDERS: Readonly<Record<string, string>> = {
  fixtures: resolve('fixtures/models'),
  clips: resolve('e2e/fixtures'),
  models: resolve('fixtures/models'),
};
const CATALOGUE = { 'sam2.1-tiny-random': 'sam2.1-tiny-random/manifest.json' };
const MODELS = ['sam2.1-tiny-random', 'sam2.1-tiny-random-five', 'edgetam-tiny-random'];

interface Difference {
  readonly records: number;
  readonly logits: number;
  readonly changedPixels: number;
  readonly pixels: number;
}

/** What `window.bench` tells of a tracked frame; see tools/bench/measure.ts. */
interface FrameCost {
  readonly encoderRunsPerFrame: number;
  readonly ortRunsPerFrame: number;
  readonly bytesDownPerFrame: number;
  readonly leftBuffers: number;
}

/** See parity/page/compareDevices.ts. */
interface DeviceComparison {
  readonly masks: number;
  readonly least: number;
  readonly shown: number;
  readonly buffers: readonly number[];
  readonly bytes: readonly number[];
  readonly left: number;
}

/** What `window.loseGpu` tells of a run; see parity/worker/loseGpu.ts. */
interface DisturbedRun {
  readonly frames: readonly number[];
  readonly progress: readonly string[];
  readonly masks: readonly { readonly counts: readonly number[]; readonly score: number }[];
  readonly events: readonly {
    readonly type: string;
    readonly message?: string;
    readonly model?: { readonly device: { readonly kind: string } };
  }[];
  readonly census: Record<
    'buffers' | 'bytes' | 'maxBytes' | 'frames' | 'sessions' | 'gpuBuffers' | 'gpuBytes',
    number
  >;
}

/** See parity/page/compareEmbeddedRun.ts. */
interface EmbeddedRun {
  readonly masks: readonly { readonly iou: number; readonly statuses: readonly string[] }[];
  readonly bytesDownPerFrame: number;
  readonly guessesPerFrame: number;
  readonly left: number;
}

interface PreparedClip {
  readonly fromBitmap: number;
  readonly fromPixels: { readonly largest: number; readonly mean: number };
}

/** What happens in the clip of a run; see parity/page/paintedModel.ts. */
type Painted = 'gone' | 'twin' | 'late';

interface TrackerWindow {
  loseGpu(folder: string, faults: readonly string[]): Promise<DisturbedRun[]>;
  parity(...args: string[]): Promise<Difference>;
  bench(task: object): Promise<FrameCost[]>;
  prepare(tasks: readonly object[]): Promise<number[]>;
  prepareClips(paths: readonly string[]): Promise<PreparedClip[]>;
  compareEmbeddedRun(painted: Painted): Promise<EmbeddedRun>;
  compareEmbedded(): Promise<readonly { name: string; different: number; distance: number }[]>;
  compareDevices(task: object): Promise<DeviceComparison>;
  makeMasks(tasks: readonly object[]): Promise<number[]>;
}

/** Opens the page of parity/page. */
async function openTracker(page: Page): Promise<void> {
  const address = new URL('parity/', test.info().project.use.baseURL).href;
  await page.route(`${address}**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/parity/', '');
    const [folder = '', ...rest] = path.split('/');
    if (path === 'models/catalogue.json') return route.fulfill({ json: CATALOGUE });
    const place = FOLDERS[folder];
    return route.fulfill({ path: place ? resolve(place, ...rest) : resolve(PAGE, path || 'index.html') });
  });
  await page.goto(address);
  await page.waitForFunction(() => 'parity' in window);
}

async function difference(
  page: Page,
  folder: string,
  run: string,
  device: 'wasm' | 'webgpu',
): Promise<Difference> {
  await openTracker(page);
  return page.evaluate((args) => (window as unknown as TrackerWindow).parity(...args), [folder, run, device]);
}

/** Runs `work` in a browser with a GPU. Where that is emulated it takes minutes. */
async function onGpu<Result>(work: (page: Page) => Promise<Result>): Promise<Result> {
  test.setTimeout(1_200_000);
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...args, ...COMPUTING_GPU],
  });
  try {
    return await work(await browser.newPage());
  } finally {
    await browser.close();
  }
}

test.beforeAll(() => {
  execFileSync(process.execPath, ['parity/buildPage.mjs', PAGE], { stdio: 'inherit' });
});

for (const folder of MODELS) {
  for (const run of ['forward', 'reverse']) {
    test(`${folder} on WASM tracks as the reference does: ${run}`, async ({ page }) => {
      const { logits, changedPixels, pixels, records } = await difference(page, folder, run, 'wasm');
      expect(logits).toBeLessThan(1e-3);
      expect(changedPixels / pixels).toBeLessThanOrEqual(1e-4);
      expect(records).toBeGreaterThan(20);
    });
  }

  test(`${folder} on WebGPU tracks as the reference does`, async () => {
    const { logits, changedPixels, pixels, records } = await onGpu((page) =>
      difference(page, folder, 'forward', 'webgpu'),
    );
    expect(logits).toBeLessThan(1e-2);
    expect(changedPixels / pixels).toBeLessThanOrEqual(1e-4);
    expect(records).toBeGreaterThan(20);
  });
}

test('on WebGPU one bit a pixel and two scores come back of a tracked object, and nothing else', async () => {
  /** The fixtures' clip is 96×64; the object's score and the predicted IoU have four bytes each. */
  const bytesOfObject = (96 * 64) / 8 + 8;
  const bench = (page: Page, objects: readonly number[], model: string) =>
    page.evaluate((task) => (window as unknown as TrackerWindow).bench(task), {
      ...{ device: 'webgpu', precision: 'fp32', frames: 2, warmUp: 0 },
      ...{ model, objects },
    });
  await onGpu(async (page) => {
    await openTracker(page);
    const [one, two] = await bench(page, [1, 2], 'sam2.1-tiny-random');
    expect(one).toMatchObject({ encoderRunsPerFrame: 1, ortRunsPerFrame: 2, leftBuffers: 0 });
    expect(two).toMatchObject({ encoderRunsPerFrame: 1, ortRunsPerFrame: 2, leftBuffers: 0 });
    expect(one?.bytesDownPerFrame).toBe(bytesOfObject);
    expect(two?.bytesDownPerFrame).toBe(2 * bytesOfObject);
    // Positions, which are the same on every frame, stay as long as the model: the image's, and a memory's at seven distances.
    const [five] = await bench(page, [1], 'sam2.1-tiny-random-five');
    expect(five).toMatchObject({ encoderRunsPerFrame: 1, ortRunsPerFrame: 5, leftBuffers: 1 + 7 });
    expect(five?.bytesDownPerFrame).toBe(bytesOfObject);
  });
});

/** The memory is full from here on. */
const FULL = 16;

for (const { name, weightless, frames } of [
  { name: 'the tiny SAM 2', weightless: false, frames: 12 },
  { name: 'graphs without weights', weightless: true, frames: 500 },
])
  test(`on WebGPU the masks of ${frames} frames of ${name} are those of the CPU, and nothing is left`, async () => {
    const task = { folder: 'sam2.1-tiny-random', objects: 2, frames, weightless };
    const run = await onGpu(async (page) => {
      await openTracker(page);
      return page.evaluate((given) => (window as unknown as TrackerWindow).compareDevices(given), task);
    });
    expect(run.masks).toBe(2 * frames);
    expect(run.least).toBeGreaterThanOrEqual(0.995);
    expect(run.left).toBe(0);
    expect(run.buffers).toHaveLength(frames);
    if (frames < 4 * FULL) return;
    expect(run.shown).toBeGreaterThanOrEqual(frames);
    // What is being read back of the next frame counts, until it is there.
    const most = (values: readonly number[]) => Math.max(...values);
    for (const held of [run.buffers, run.bytes])
      expect(most(held.slice(2 * FULL))).toBeLessThanOrEqual(most(held.slice(FULL, 2 * FULL)));
  });

test('the GPU makes masks of logits as the CPU does', async () => {
  const sizes = [
    [96, 64],
    [64, 96],
    [37, 53],
    [301, 7],
    [7, 301],
    [640, 360],
  ];
  const tasks = sizes.flatMap(([width, height]) =>
    ['stretch', 'letterbox'].flatMap((fit) =>
      [0, 2].map((owned) => ({ width, height, fit, owned, side: 32, masks: 3 })),
    ),
  );
  const agreements = await onGpu(async (page) => {
    await openTracker(page);
    return page.evaluate((given) => (window as unknown as TrackerWindow).makeMasks(given), tasks);
  });
  expect(agreements).toHaveLength(24);
  // A pixel whose logit is within a rounding of zero may be on either side.
  for (const agreement of agreements) expect(agreement).toBeGreaterThanOrEqual(0.995);
});

test('the GPU prepares frames as the CPU does', async () => {
  const sides = [96, 64, 64, 96, 37, 53, 301, 7, 7, 301, 16, 16, 640, 360];
  const sizes = Array.from({ length: sides.length / 2 }, (_, i) => [sides[2 * i], sides[2 * i + 1]]);
  const tasks = sizes.flatMap(([width, height]) =>
    ['stretch', 'letterbox'].flatMap((fit) =>
      ['pixels', 'bitmap'].map((from) => ({ width, height, side: 64, fit, from })),
    ),
  );
  const differences = await onGpu(async (page) => {
    await openTracker(page);
    return page.evaluate((given) => (window as unknown as TrackerWindow).prepare(given), tasks);
  });
  expect(differences).toHaveLength(28);
  for (const difference of differences) expect(difference).toBeLessThan(1);
});

test('the GPU prepares decoded frames as the CPU does: upright, rotated, of odd pixels, an image', async () => {
  const clips = ['tiny.mp4', 'tiny.webm', 'rotated.mp4', 'anamorphic.mp4', 'rotated.jpg', 'image.webp'];
  const differences = await onGpu(async (page) => {
    await openTracker(page);
    return page.evaluate(
      (paths) => (window as unknown as TrackerWindow).prepareClips(paths),
      clips.map((name) => `clips/${name}`),
    );
  });
  expect(differences).toHaveLength(clips.length);
  for (const { fromBitmap, fromPixels } of differences) {
    expect(fromBitmap).toBeLessThanOrEqual(1);
    // A browser with a real GPU has other colours at edges there; a frame that is turned or shifted is off by tens.
    if (IS_REAL_GPU) expect(fromPixels.mean).toBeLessThanOrEqual(4);
    else expect(fromPixels.largest).toBeLessThanOrEqual(1);
  }
});

test('a run goes on to the same masks where the GPU is lost, and on the CPU where its memory is used up', async () => {
  const runs = await onGpu(async (page) => {
    await openTracker(page);
    return page.evaluate(() =>
      (window as unknown as TrackerWindow).loseGpu(new URL('models/', document.baseURI).href, [
        'none',
        'lost',
        'memory',
      ]),
    );
  });
  const [undisturbed, lost, usedUp] = runs;
  const frames = [0, 1, 2, 3, 4];
  for (const run of runs) {
    expect(run.frames).toEqual(frames);
    expect(run.progress).toEqual(frames.map((frame) => `${frame + 1} of 5`));
  }
  expect(undisturbed?.events).toEqual([]);
  expect(undisturbed?.census).toMatchObject({ frames: 0, sessions: 4 });

  expect(lost?.masks).toEqual(undisturbed?.masks);
  const held = ({ census }: DisturbedRun) => ({
    ...{ buffers: census.buffers, bytes: census.bytes, frames: census.frames },
    ...{ sessions: census.sessions, gpuBuffers: census.gpuBuffers, gpuBytes: census.gpuBytes },
  });
  expect(lost && held(lost)).toEqual(undisturbed && held(undisturbed));
  expect(lost?.events).toMatchObject([
    { type: 'restarting' },
    {
      type: 'restarted',
      model: { device: { kind: 'webgpu' } },
      message: 'The graphics card was lost and has been started again. Your work is kept.',
    },
  ]);

  expect(usedUp?.masks.slice(0, 2)).toEqual(undisturbed?.masks.slice(0, 2));
  expect(usedUp?.census).toMatchObject({ frames: 0, sessions: 4, gpuBuffers: 0, gpuBytes: 0 });
  expect(usedUp?.events).toMatchObject([
    { type: 'restarting' },
    {
      type: 'restarted',
      model: { device: { kind: 'wasm' } },
      message:
        'The memory of the graphics card was used up. The processor goes on, more slowly. Your work is kept.',
    },
  ]);
});

test('the GPU follows objects of the embedded model as the CPU does: each kernel beside its twin', async () => {
  const kernels = await onGpu(async (page) => {
    await openTracker(page);
    return page.evaluate(() => (window as unknown as TrackerWindow).compareEmbedded());
  });
  expect(kernels.length).toBeGreaterThan(30);
  for (const { name, different, distance } of kernels) {
    expect(different, name).toBe(0);
    expect(distance, name).toBeLessThan(1e-4);
  }
});

/** Two objects on each frame of 320×48, of one of which a third thing may be the look-alike. */
async function followPainted(painted: Painted, gone: readonly number[], frames = 5): Promise<EmbeddedRun> {
  const run = await onGpu(async (page) => {
    await openTracker(page);
    return page.evaluate((what) => (window as unknown as TrackerWindow).compareEmbeddedRun(what), painted);
  });
  expect(run.masks.map(({ statuses }) => statuses)).toEqual(
    Array.from({ length: 2 * frames }, (_, i) => {
      const status = i < 2 ? 'prompted' : gone.includes(i) ? 'absent' : 'tracked';
      return [status, status];
    }),
  );
  for (const { iou } of run.masks) expect(iou).toBeGreaterThanOrEqual(0.995);
  // What is known of a mask takes 32 bytes, and what is remembered of it 24: of a look-alike as well, but no mask comes back of it.
  expect(run.bytesDownPerFrame).toBeGreaterThan(0);
  expect(run.bytesDownPerFrame).toBeLessThanOrEqual(2 * ((320 * 48) / 8) + run.guessesPerFrame * (32 + 24));
  expect(run.left).toBe(0);
  return run;
}

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which one is gone for a frame', async () => {
  const { guessesPerFrame } = await followPainted('gone', [6]);
  expect(guessesPerFrame).toBe(2);
});

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which one meets its like', async () => {
  const { guessesPerFrame } = await followPainted('twin', []);
  // The look-alike beside it is sought on every frame.
  expect(guessesPerFrame).toBeGreaterThanOrEqual(3);
});

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which the like of one comes later', async () => {
  // Guesses that know nothing but brightness doubt the one of two discs that are equally bright: their look-alike is followed meanwhile.
  const { guessesPerFrame } = await followPainted('late', [12, 14], 8);
  // On one of seven tracked frames the likes of both are sought, and on the next two the one that was found.
  expect(guessesPerFrame).toBe((7 * 2 + 2 + 2) / 7);
});
