import { readdir, readFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { App } from '../../e2e/app.ts';
import type { Census, ModelInfo } from '../../src/core/protocol.ts';
import { buildIfNeeded, ensureChromium, root } from '../setup.mjs';
import type { Precision } from '../../workers/models/manifestParts.ts';
import { MANIFEST } from '../graphs/embeddedGraphs.ts';
import { CLICK, perFrame, type BenchRun } from './benchRun.ts';

interface DebugWindow {
  masklet: { census(): Promise<Census>; model(): ModelInfo | null };
}

/** Measures the built app, driven as a person would. */
export async function benchChromium(frames: number, precision: Precision): Promise<BenchRun> {
  await buildIfNeeded();
  const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: 'localhost' } });
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const memory = watchMemory();
  try {
    const page = await browser.newPage({ baseURL: server.resolvedUrls?.local[0] ?? '' });
    const census = () => page.evaluate(() => (window as unknown as DebugWindow).masklet.census());
    await page.route('**/models/embedded.json', async (route) => {
      const json = await manifestWith(precision);
      await route.fulfill({ json });
    });
    const app = new App(page);
    await app.goto();
    await app.openSample();
    await app.goToFrame(CLICK.frame);
    await app.clickAt(CLICK.x / 1280, CLICK.y / 720);
    await app.hasMask(1, CLICK.frame, 'prompted');
    await app.ready();

    await app.button('Track').click();
    await app.hasMask(1, CLICK.frame + 1, 'tracked');
    const before = await census();
    const start = performance.now();
    await app.hasMask(1, CLICK.frame + 1 + frames, 'tracked');
    const milliseconds = performance.now() - start;
    const after = await census();
    await app.button('Cancel').click();
    await app.ready();
    const model = await page.evaluate(() => (window as unknown as DebugWindow).masklet.model());
    return {
      place: 'Chromium',
      precision,
      device: model?.device.label ?? 'unknown',
      frames,
      stageMs: perFrame(before.stageMs, after.stageMs, frames),
      msPerFrame: milliseconds / frames,
      peakBytes: memory.peak(),
    };
  } finally {
    memory.stop();
    await browser.close();
    await server.close();
  }
}

/** The model's manifest with this encoder for whatever precision the app chooses. */
async function manifestWith(precision: Precision): Promise<object> {
  const manifest = JSON.parse(await readFile(MANIFEST, 'utf8')) as {
    graphs: { encoder: Record<Precision, object> };
  };
  const file = manifest.graphs.encoder[precision];
  return { ...manifest, graphs: { ...manifest.graphs, encoder: { fp32: file, fp16: file, int8: file } } };
}

/** Watches the memory of this process's descendants: the browser is the only one. */
function watchMemory() {
  let peak: number | null = null;
  const timer = setInterval(() => {
    void descendantBytes().then((bytes) => {
      if (bytes !== null) peak = Math.max(peak ?? 0, bytes);
    });
  }, 200);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}

/** Proportional memory of all descendants, pages that several share counted once. Linux only, else `null`. */
async function descendantBytes(): Promise<number | null> {
  const processes = await readdir('/proc').catch(() => null);
  if (processes === null) return null;
  const parents = new Map<number, number>();
  for (const pid of processes.map(Number).filter(Number.isInteger)) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name, in parentheses, may hold spaces; the parent is the second field after it.
    parents.set(pid, Number(status.slice(status.lastIndexOf(')')).split(' ')[2]));
  }
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (parents.get(pid) === process.pid || descends(parents.get(pid)));
  let bytes = 0;
  for (const pid of parents.keys()) {
    if (!descends(pid)) continue;
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    bytes += Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return bytes;
}
