import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, expect, type BrowserContext } from '@playwright/test';
import { App, test, useLightModel, type DebugState } from './app.ts';
import { fixture } from './barCode.ts';

/** How often the browser is killed; `npm test -- all` asks for 10. */
const KILLS = Number(process.env.KILLS ?? 3);

/** Ends a browser as a crash does, by its folder. */
async function kill(folder: string): Promise<void> {
  for (const pid of await readdir('/proc')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const isMain = command.includes(basename(folder)) && !command.includes('--type=');
    if (/^\d+$/.test(pid) && isMain) process.kill(Number(pid), 'SIGKILL');
  }
}

/** Hands the project's file and its masks to the downloads. */
async function saveFiles(app: App): Promise<void> {
  await app.page.keyboard.press('Control+s');
  await app.button('Export').click();
  await app.page
    .getByRole('dialog', { name: 'Export' })
    .getByRole('button', { name: 'Save', exact: true })
    .click();
  await app.page.keyboard.press('Escape');
}

/** Every frame of every object that was said to be saved is there. */
function expectKept(state: DebugState, said: DebugState): void {
  for (const { id, frames } of said.objects) {
    const now = state.objects.find((object) => object.id === id);
    for (const [frame, { status }] of Object.entries(frames)) {
      const there = now?.frames[Number(frame)];
      expect(there, `object ${id}, frame ${frame}, which was ${status}`).toBeDefined();
    }
  }
}

test('what was said to be saved is there after the browser was killed, again and again', async ({
  browserName,
}, info) => {
  test.skip(process.platform !== 'linux', 'It finds the browser in /proc.');
  expect(browserName).toBe('chromium');
  test.setTimeout(600_000);
  const folder = await mkdtemp(join(tmpdir(), 'masklet-kill-'));
  const { baseURL, launchOptions } = info.project.use;
  let said: DebugState | undefined;
  let savedSteps = 0;
  for (let turn = 0; turn <= KILLS; turn++) {
    const context: BrowserContext = await chromium.launchPersistentContext(folder, {
      ...launchOptions,
      ...(baseURL !== undefined && { baseURL }),
      viewport: { width: 1280, height: 800 },
      serviceWorkers: 'block',
    });
    await useLightModel(context);
    const app = new App(context.pages()[0] ?? (await context.newPage()));
    await app.goto();
    if (said === undefined) await app.openFile(fixture('tiny.mp4'));
    await app.ready();
    const state = await app.state();
    if (said) expectKept(state, said);
    // What an export left that was killed goes.
    await expect.poll(() => app.exportsKept()).toBe(0);
    if (turn === KILLS) {
      await context.close();
      break;
    }
    // Work goes on until the browser dies, at another moment each time; what it said last is what counts.
    const lives = 300 + (1500 / KILLS) * turn;
    const end = Date.now() + lives;
    const isExporting = turn % 2 === 1;
    const work = (async () => {
      if (isExporting) await saveFiles(app);
      for (let step = 0; ; step++) {
        await app.page.keyboard.press('Home');
        for (let at = 0; at < turn; at++) await app.page.keyboard.press('ArrowRight');
        // Each point lies far from the others: a click on a point removes it, and its mask with it.
        await app.clickAt((1 + (step % 18)) / 20, (1 + (Math.floor(step / 18) % 8)) / 10);
        await app.page.keyboard.press('t');
      }
    })().catch(() => undefined);
    const mayDie = async () =>
      Date.now() >= end && said !== undefined && (!isExporting || (await app.exportsKept()) > 0);
    while (!(await mayDie())) {
      const now = await app.state();
      if (now.project.saved !== 'saved') continue;
      said = now;
      savedSteps++;
    }
    await kill(folder);
    await work;
    await context.close().catch(() => undefined);
  }
  expect(savedSteps).toBeGreaterThan(KILLS);
  await rm(folder, { recursive: true, force: true });
});
