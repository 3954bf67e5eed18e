import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { chromium, expect, test as base, type Page } from '@playwright/test';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleArea, rleIou } from '../src/core/rle.ts';
import { COMPUTING_GPU, IS_REAL_GPU } from '../e2e/chromiumGpu.ts';
import { readKeptRuns } from './keptRuns.ts';
import type { Painted } from './paintedRun.ts';
import type { TrackerPage } from './page/main.ts';
import type { EdgeTask } from './page/softEdges.ts';
import { KEPT_RUNS, type KeptRun } from './runs.ts';
import type { DisturbedRun } from './disturbedRun.ts';

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

/** On an emulated GPU a test takes minutes. */
base.setTimeout(1_200_000);

/** One page in a browser with a GPU for all tests: parity/page. What an emulated GPU has compiled for one test serves the next. */
const test = base.extend<object, { gpu: Page }>({
  gpu: [
    async ({ launchOptions: { executablePath, args = [] } }, use, { project }) => {
      execFileSync(process.execPath, ['parity/buildPage.mjs', PAGE], { stdio: 'inherit' });
      const browser = await chromium.launch({
        ...(executablePath && { executablePath }),
        args: [...args, ...COMPUTING_GPU],
      });
      const page = await browser.newPage();
      const address = new URL('parity/', project.use.baseURL).href;
      await page.route(`${address}**`, (route) => {
        const path = new URL(route.request().url()).pathname.replace('/parity/', '');
        const [folder = '', ...rest] = path.split('/');
        if (path === 'models/catalogue.json') return route.fulfill({ json: CATALOGUE });
        const place = FOLDERS[folder];
        return route.fulfill({ path: place ? resolve(place, ...rest) : resolve(PAGE, path || 'index.html') });
      });
      await page.goto(address);
      await page.waitForFunction(() => 'parity' in window);
      await use(page);
      await browser.close();
    },
    { scope: 'worker' },
  ],
});

type Methods = Omit<TrackerPage, 'pairs'>;

/** Calls a function of the page. */
function call<Name extends keyof Methods>(
  page: Page,
  name: Name,
  ...given: Parameters<Methods[Name]>
): Promise<Awaited<ReturnType<Methods[Name]>>> {
  type Answer = Promise<Awaited<ReturnType<Methods[Name]>>>;
  return page.evaluate(
    ([method, args]) =>
      (window as unknown as Record<string, (...args: readonly unknown[]) => Answer>)[method]!(...args),
    [name as string, given as readonly unknown[]] as const,
  );
}

const kept = await readKeptRuns();

/** Plays a run whose masks on the CPU are kept, and gives it with the IoU of each mask and the CPU's. */
async function playKept(page: Page, name: KeptRun) {
  const run = await call(page, 'playOnGpu', KEPT_RUNS[name]);
  const onCpu = kept[name];
  expect(run.masks.map(({ status }) => status)).toEqual(onCpu.map(({ status }) => status));
  const masks = run.masks.map(({ mask }) => fromCocoRle(mask));
  const ious = masks.map((mask, i) => rleIou(mask, fromCocoRle(onCpu[i]!.mask)));
  expect(Math.min(...ious)).toBeGreaterThanOrEqual(0.995);
  expect(run.left).toBe(0);
  return { ...run, masks };
}

for (const folder of MODELS) {
  test(`${folder} on WASM tracks as the reference does`, async ({ gpu }) => {
    const { logits, changedPixels, pixels, records } = await call(gpu, 'parity', folder, 'forward', 'wasm');
    expect(logits).toBeLessThan(1e-3);
    expect(changedPixels / pixels).toBeLessThanOrEqual(1e-4);
    expect(records).toBeGreaterThan(20);
  });

  test(`${folder} on WebGPU tracks as the reference does`, async ({ gpu }) => {
    const run = await call(gpu, 'parity', folder, 'prompts', 'webgpu');
    const { logits, changedPixels, pixels, records, graphs } = run;
    expect(logits).toBeLessThan(1e-2);
    expect(changedPixels / pixels).toBeLessThanOrEqual(1e-4);
    expect(records).toBeGreaterThan(20);
    // Objects are tracked by the run that was recorded, where the contract has one graph for them.
    if (graphs['memory_attention']) return;
    expect(graphs['replayed step']?.runs).toBeGreaterThan(10);
    expect(graphs['step']).toBeUndefined();
  });
}

test('on WebGPU one bit a pixel and two scores come back of a tracked object, by runs that are replayed', async ({
  gpu,
}) => {
  /** The fixtures' clip is 96×64; the object's score and the predicted IoU have four bytes each. */
  const bytesOfObject = (96 * 64) / 8 + 8;
  const bench = (objects: readonly number[], model: string) =>
    call(gpu, 'bench', {
      ...{ device: 'webgpu', precision: 'fp32', frames: 2, warmUp: 0, replay: true },
      ...{ model, objects },
    });
  const [one, two] = await bench([1, 2], 'sam2.1-tiny-random');
  for (const [i, run] of [one, two].entries())
    expect(run).toMatchObject({
      replayed: ['vision_encoder', 'replayed step'],
      graphRunsPerFrame: { vision_encoder: 1, 'replayed step': 1 + i },
      leftBuffers: 0,
    });
  expect(one?.bytesDownPerFrame).toBe(bytesOfObject);
  expect(two?.bytesDownPerFrame).toBe(2 * bytesOfObject);
  // Positions, which are the same on every frame, stay as long as the model: the image's, and a memory's at seven distances.
  const [hosted] = await bench([1], 'sam2.1-tiny-random-five');
  expect(hosted).toMatchObject({
    replayed: ['vision_encoder', 'memory_attention', 'pointer_tpos'],
    graphRunsPerFrame: {
      ...{ vision_encoder: 1, memory_attention: 1, pointer_tpos: 1 },
      ...{ mask_decoder: 1, memory_encoder: 1 },
    },
    leftBuffers: 1 + 7,
  });
  expect(hosted?.bytesDownPerFrame).toBe(bytesOfObject);
});

test('on WebGPU the masks of the tiny SAM 2 are those of the CPU, and nothing is left', async ({ gpu }) => {
  await playKept(gpu, 'tiny SAM 2');
});

/** The memory is full from here on. */
const FULL = 16;

test('on WebGPU a long run holds no more once its memory is full', async ({ gpu }) => {
  const { frames, objects } = KEPT_RUNS['graphs without weights'];
  const run = await playKept(gpu, 'graphs without weights');
  expect(run.masks).toHaveLength(objects * frames);
  expect(run.masks.filter((mask) => rleArea(mask) > 0).length).toBeGreaterThanOrEqual(frames);
  // What is being read back of the next frame counts, until it is there.
  const most = (values: readonly number[]) => Math.max(...values);
  for (const held of [run.buffers, run.bytes, run.deviceBytes])
    expect(most(held.slice(2 * FULL))).toBeLessThanOrEqual(most(held.slice(FULL, 2 * FULL)));
});

test('the GPU makes masks of logits as the CPU does', async ({ gpu }) => {
  const sizes: readonly (readonly [number, number])[] = [
    [96, 64],
    [64, 96],
    [37, 53],
    [301, 7],
    [7, 301],
    [640, 360],
  ];
  const tasks = sizes.flatMap(([width, height]) =>
    (['stretch', 'letterbox'] as const).flatMap((fit) =>
      [0, 2].map((owned) => ({ width, height, fit, owned, side: 32, masks: 3 })),
    ),
  );
  const agreements = await call(gpu, 'makeMasks', tasks);
  expect(agreements).toHaveLength(24);
  // A pixel whose logit is within a rounding of zero may be on either side.
  for (const agreement of agreements) expect(agreement).toBeGreaterThanOrEqual(0.995);
});

test('the GPU makes edges as the CPU does, to one step of 8 bits', async ({ gpu }) => {
  const size = { width: 300, height: 170 };
  const tasks: readonly EdgeTask[] = [
    // First, while nothing on the GPU is of a former task: six objects, none of which is there.
    { ...size, picture: 'fur', isEmpty: true, edges: Array<object>(6).fill({ grow: 3, feather: 4 }) },
    ...(['fur', 'hair', 'blur', 'gray', 'black'] as const).flatMap((picture) => [
      { ...size, picture, edges: [{ detail: 8 }] },
      { ...size, picture, edges: [{ detail: 48, strength: 60 }, { detail: 3, feather: 6 }, undefined] },
    ]),
    { ...size, picture: 'fur', edges: [{ feather: 20 }, undefined, { feather: 1 }] },
    { ...size, picture: 'fur', edges: [undefined, undefined, { detail: 1 }] },
    { width: 67, height: 301, picture: 'fur', edges: [{ detail: 16, feather: 3 }, { detail: 16 }] },
    ...[1, 7, 32, -1, -6, 2.5].map((grow) => ({
      ...size,
      picture: 'fur' as const,
      edges: [{ grow }, { grow }, { grow }],
    })),
    ...[1, 5, 32].map((smooth) => ({
      ...size,
      picture: 'fur' as const,
      edges: [{ smooth }, { smooth }, { smooth }],
    })),
    ...[1, 6, 16].map((steady) => ({
      ...size,
      picture: 'fur' as const,
      edges: [{ steady }, { steady }, { steady }],
    })),
    {
      ...{ ...size, picture: 'fur' },
      edges: [
        { holes: 9, specks: 9, steady: 4, grow: -3, smooth: 6, detail: 8 },
        { grow: 5, feather: 4 },
        { grow: -8, feather: 2 },
      ],
    },
  ];
  const found = await call(gpu, 'softEdges', tasks);
  expect(found).toHaveLength(tasks.length);
  for (const [at, { alpha, colors }] of found.entries()) {
    expect(alpha, `alpha of ${JSON.stringify(tasks[at])}`).toBeLessThanOrEqual(1);
    expect(colors, `colours of ${JSON.stringify(tasks[at])}`).toBeLessThanOrEqual(2);
  }
});

test('the GPU prepares frames as the CPU does', async ({ gpu }) => {
  const sides = [96, 64, 64, 96, 37, 53, 301, 7, 7, 301, 16, 16, 640, 360];
  const sizes = Array.from(
    { length: sides.length / 2 },
    (_, i) => [sides[2 * i]!, sides[2 * i + 1]!] as const,
  );
  const tasks = sizes.flatMap(([width, height]) =>
    (['stretch', 'letterbox'] as const).flatMap((fit) =>
      (['pixels', 'bitmap'] as const).map((from) => ({ width, height, side: 64, fit, from })),
    ),
  );
  const narrower = [
    { width: 96, height: 64, input: [64, 48] },
    { width: 37, height: 53, input: [50, 64] },
  ] as const;
  const parts = narrower.map((task) => ({ ...task, side: 64, fit: 'letterbox', from: 'pixels' }) as const);
  const differences = await call(gpu, 'prepare', [...tasks, ...parts]);
  expect(differences).toHaveLength(28 + 2);
  for (const difference of differences) expect(difference).toBeLessThan(1);
});

test('the GPU prepares decoded frames as the CPU does: upright, rotated, of odd pixels, an image', async ({
  gpu,
}) => {
  const clips = ['tiny.mp4', 'tiny.webm', 'rotated.mp4', 'anamorphic.mp4', 'rotated.jpg', 'image.webp'];
  const paths = clips.map((name) => `clips/${name}`);
  const differences = await call(gpu, 'prepareClips', paths);
  expect(differences).toHaveLength(clips.length);
  for (const { fromBitmap, fromPixels } of differences) {
    expect(fromBitmap).toBeLessThanOrEqual(1);
    // A browser with a real GPU has other colours at edges there; a frame that is turned or shifted is off by tens.
    if (IS_REAL_GPU) expect(fromPixels.mean).toBeLessThanOrEqual(4);
    else expect(fromPixels.largest).toBeLessThanOrEqual(1);
  }
});

test('a run goes on to the same masks where the GPU is lost, and on the CPU where its memory is used up', async ({
  gpu,
}) => {
  const runs = await call(gpu, 'loseGpu', new URL('models/', gpu.url()).href, ['none', 'lost', 'memory']);
  const [undisturbed, lost, usedUp] = runs;
  const frames = [0, 1, 2, 3, 4];
  for (const run of runs) {
    expect(run.frames).toEqual(frames);
    expect(run.progress).toEqual(frames.map((frame) => `${frame + 1} of 5`));
  }
  expect(undisturbed?.events).toEqual([]);
  // A GPU has the step twice: one of them is replayed.
  expect(undisturbed?.census).toMatchObject({ frames: 0, sessions: 5 });

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

test('the GPU follows objects of the embedded model as the CPU does: each kernel beside its twin', async ({
  gpu,
}) => {
  const kernels = await call(gpu, 'compareEmbedded');
  expect(kernels.length).toBeGreaterThan(30);
  for (const { name, different, distance } of kernels) {
    expect(different, name).toBe(0);
    expect(distance, name).toBeLessThan(1e-4);
  }
});

/** Bytes of four masks, the least that a session of the decoder for several objects gives. */
const DECODER_TRIED = 4 * 256 * 256 * 4;

/** Waits for the GPU on a frame: for what is known of masks with what is remembered of them, and for the masks. */
const READS = 2;

/**
 * Follows two objects on frames of 320×48, of one of which a third thing may be the look-alike; gives guesses a tracked frame.
 *
 * @param surprises frames on which something is unexpectedly there, not there or prompted: what is kept apart from it is remembered anew
 */
async function followPainted(page: Page, painted: Painted, surprises: readonly number[]): Promise<number> {
  const { bytesDown, guesses, reads } = await playKept(page, painted);
  const tracked = bytesDown.length - 1;
  const read = bytesDown.slice(1).map((bytes, i) => bytes - bytesDown[i]!);
  // Where two things are first sought, and three or four, a session of the decoder for so many is tried: all that it gives is read back.
  // When the masks of a frame are there, the next frame is begun: what was read since the masks before is of that.
  reads.slice(1, -1).forEach((all, i) => {
    const frame = i + 2;
    if (read[i]! >= DECODER_TRIED) return;
    const waits = READS + (surprises.includes(frame) ? 1 : 0);
    expect(all - reads[i]!, `reads of frame ${frame}`).toBe(waits);
  });
  const usual = read.filter((bytes) => bytes < DECODER_TRIED);
  expect(read.length - usual.length).toBeLessThanOrEqual(2);
  const down = usual.reduce((sum, bytes) => sum + bytes, 0) / usual.length;
  // What is known of a mask takes 32 bytes, and what is remembered of it 24: of a look-alike as well, but no mask comes back of it.
  expect(down).toBeGreaterThan(0);
  expect(down).toBeLessThanOrEqual(2 * ((320 * 48) / 8) + (guesses / tracked) * (32 + 24));
  return guesses / tracked;
}

const statuses = (run: KeptRun, status: string) =>
  kept[run].flatMap((mask, i) => (mask.status === status ? [i] : []));

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which one is gone for a frame', async ({
  gpu,
}) => {
  expect(statuses('gone', 'absent')).toEqual([6]);
  expect(await followPainted(gpu, 'gone', [3, 4])).toBe(2);
});

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which one meets its like', async ({
  gpu,
}) => {
  expect(statuses('twin', 'absent')).toEqual([]);
  // The look-alike beside it is sought on every frame.
  expect(await followPainted(gpu, 'twin', [])).toBeGreaterThanOrEqual(3);
});

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which two meet that are alike and marked', async ({
  gpu,
}) => {
  expect(statuses('marked', 'absent')).toEqual([]);
  // Each is the other's look-alike: none is sought beside them.
  expect(await followPainted(gpu, 'marked', [])).toBe(2);
});

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which the like of one comes later', async ({
  gpu,
}) => {
  // On one of seven tracked frames the likes of both are sought, and on the next two the one that was found.
  expect(await followPainted(gpu, 'late', [6])).toBe((7 * 2 + 2 + 2) / 7);
});

test('the GPU follows objects of the embedded model as the CPU does: over a run, on which one is prompted again', async ({
  gpu,
}) => {
  expect(statuses('corrected', 'prompted')).toEqual([0, 1, 3, 5]);
  // On two of three tracked frames only the other one is sought, and does not take what is prompted.
  expect(await followPainted(gpu, 'corrected', [2])).toBe((1 + 1 + 2) / 3);
});

test('objects of the embedded model share kernels, runs, and what is read back of a frame', async ({
  gpu,
}) => {
  // On the one after that, one of the eight is lost: what the others leave of it is made anew.
  const frames = 1;
  const one = await call(gpu, 'workOfObjects', 1, frames);
  expect(one.runs).toEqual({ 'image encoder': frames, 'mask decoder': frames });
  expect(one.dispatches).toMatchObject({
    choosePoints: frames,
    evidence: frames,
    poolLabel: frames,
    maskBits: frames,
    separateMasks: frames,
  });
  expect(one.reads).toBe(READS * frames);
  for (const objects of [3, 8]) {
    const { dispatches, runs, submits, reads } = await call(gpu, 'workOfObjects', objects, frames);
    expect(runs).toEqual(one.runs);
    // What is remembered of several is kept apart as well.
    const apart = { separateMasks: 2 * frames };
    const { '': ofRuntime, ...ours } = dispatches;
    const { '': ofRuntimeForOne, ...oursForOne } = one.dispatches;
    expect(ours).toEqual({ ...oursForOne, ...apart });
    expect(ofRuntime).toBe(ofRuntimeForOne);
    expect(submits).toBe(one.submits);
    expect(reads).toBe(one.reads);
  }
});

test('the GPU replays the run of a graph for other inputs, and earlier results stay', async ({ gpu }) => {
  const { isReplayed, left, compared } = await call(gpu, 'replayGraph');
  expect(isReplayed).toBe(true);
  expect(compared).toHaveLength(6);
  for (const { name, distance } of compared) expect(distance, name).toBeLessThan(1e-3);
  expect(left).toBe(0);
});
