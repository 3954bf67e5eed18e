import { execFileSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { App, test } from './app.ts';
import { fixture } from './barCode.ts';

/** What is in a video file, as ffprobe says. */
interface Probe {
  readonly streams: readonly {
    readonly codec_name: string;
    readonly codec_type: string;
    readonly width?: number;
    readonly height?: number;
    readonly tags?: Readonly<Record<string, string>>;
  }[];
}

const probe = (path: string): Probe =>
  JSON.parse(
    execFileSync('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', path], { encoding: 'utf8' }),
  ) as Probe;

/** When each frame is shown, in seconds. */
const times = (path: string) =>
  execFileSync(
    'ffprobe',
    ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path],
    { encoding: 'utf8' },
  )
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [parseFloat(line)]))
    .sort((a, b) => a - b);

/** Red, green, blue and opacity of a pixel of the first frame. */
function pixel(path: string, x: number, y: number, decoder: readonly string[] = []): number[] {
  const crop = `crop=1:1:${x}:${y}:exact=1,format=rgba`;
  const args = ['-v', 'error', ...decoder, '-i', path, '-vf', crop, '-frames:v', '1', '-f', 'rawvideo', '-'];
  return [...execFileSync('ffmpeg', args)];
}

/** The size in a sentence of the page, in bytes. */
function bytesIn(sentence: string): number {
  const [, amount, unit] = /about ([\d.]+) (kB|MB)/.exec(sentence) ?? [];
  return Number(amount) * (unit === 'kB' ? 1e3 : 1e6);
}

/** Opens the export of videos, and gives what saves one in a look. */
async function openVideos(page: Page) {
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await page.keyboard.press('e');
  await dialog.getByRole('radio', { name: 'Video' }).check();
  return {
    dialog,
    save: async (look: string): Promise<string> => {
      await dialog.getByLabel('Look').selectOption({ label: look });
      const download = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      const path = await (await download).path();
      await expect(dialog).toContainText('on its way to your downloads');
      return path;
    },
  };
}

test('a video in each look: its size, its times, its sound, what is masked and what is transparent', async ({
  page,
}) => {
  const app = new App(page);
  await app.goto();
  await app.openFile(fixture('sound.mp4'));
  await app.ready();
  await app.clickAt(60 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  await app.ready();
  const { dialog, save } = await openVideos(page);

  await test.step('overlay: the clip as it is, in colour where the mask is', async () => {
    await expect(dialog.getByTestId('video-contents')).toContainText('about');
    const said = bytesIn(await dialog.getByTestId('video-contents').innerText());
    const path = await save('Overlay');
    const { size } = await stat(path);
    expect(said / size).toBeGreaterThan(0.6);
    expect(said / size).toBeLessThan(1.6);
    const { streams } = probe(path);
    expect(streams.find((each) => each.codec_type === 'video')).toMatchObject({ width: 320, height: 180 });
    expect(streams.map((each) => each.codec_type).sort()).toEqual(['audio', 'video']);
    const own = times(fixture('sound.mp4'));
    const written = times(path);
    expect(written).toHaveLength(own.length);
    written.forEach((time, i) => expect(time).toBeCloseTo(own[i]! - own[0]!, 2));
    const [red = 0, , blue = 0] = pixel(path, 60, 110);
    expect(blue - red).toBeGreaterThan(40);
  });

  await dialog.getByRole('radio', { name: 'With masks' }).check();

  await test.step('matte: white on black', async () => {
    const path = await save('Matte');
    expect(Math.min(...pixel(path, 60, 110).slice(0, 3))).toBeGreaterThan(230);
    expect(Math.max(...pixel(path, 160, 60).slice(0, 3))).toBeLessThan(25);
  });

  await test.step('side by side: twice as wide', async () => {
    const path = await save('Side by side');
    expect(probe(path).streams[0]).toMatchObject({ width: 640, height: 180 });
    expect(Math.max(...pixel(path, 320 + 160, 60).slice(0, 3))).toBeLessThan(25);
  });

  await test.step('outline, blurred and coloured background: the object is as the clip has it', async () => {
    const [inside, outside] = [pixel(fixture('sound.mp4'), 60, 110), pixel(fixture('sound.mp4'), 160, 60)];
    const farthest = (a: readonly number[], b: readonly number[]) =>
      Math.max(...a.slice(0, 3).map((value, channel) => Math.abs(value - b[channel]!)));
    for (const look of ['Outline', 'Blurred background', 'Background colour']) {
      const path = await save(look);
      const video = probe(path).streams.find((each) => each.codec_type === 'video');
      expect(video, look).toMatchObject({ width: 320, height: 180 });
      expect(times(path), look).toHaveLength(1);
      expect(farthest(pixel(path, 60, 110), inside), look).toBeLessThan(25);
      const changed = farthest(pixel(path, 160, 60), outside);
      if (look === 'Background colour') expect(changed, look).toBeGreaterThan(60);
      else if (look === 'Outline') expect(changed, look).toBeLessThan(25);
    }
  });

  await test.step('cut-out: a WebM that is transparent around the object', async () => {
    const path = await save('Cut-out');
    const decoder = ['-c:v', 'libvpx-vp9'];
    expect(pixel(path, 60, 110, decoder)[3]).toBeGreaterThan(230);
    expect(pixel(path, 160, 60, decoder)[3]).toBeLessThan(25);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await app.openFile(path);
    await expect.poll(async () => (await app.state()).frameCount).toBe(1);
    await app.ready();
  });
});

test('a video that is stopped keeps what it has', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openFile('public/samples/bigbuckbunny.mp4');
  await app.ready();
  await app.clickAt(60 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  const { dialog } = await openVideos(page);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /[1-9]/);
  await dialog.getByRole('button', { name: 'Stop and save' }).click();
  const path = await (await download).path();
  const { frameCount } = await app.state();
  expect(times(path).length).toBeGreaterThan(0);
  expect(times(path).length).toBeLessThan(frameCount);
});
