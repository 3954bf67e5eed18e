import { expect as assert, type Page } from '@playwright/test';
import { heapOf, onProfilePage } from '../bench/profilePage.ts';

const expect = assert.configure({ timeout: 600_000 });

/** How often a project is opened: the first time, code is compiled. */
const TIMES = 3;

export interface OpenedInBrowser {
  /** What was done, and how many milliseconds it took. */
  readonly times: readonly (readonly [name: string, ms: number])[];
  /** What the page's scripts hold when the project is open. */
  readonly bytes: number;
}

/**
 * Opens projects' files in the app, and measures until their lanes are drawn.
 *
 * @param path of a project named “large”
 * @param unjudged of the same project without its doubts
 * @param profile an empty folder for the browser's storage
 * @param objects how many it has
 */
export function openInBrowser(
  { path, unjudged }: { readonly path: string; readonly unjudged: string },
  profile: string,
  objects: number,
): Promise<OpenedInBrowser> {
  return onProfilePage(profile, async (page) => {
    page.setDefaultTimeout(180_000);
    await page.goto('/');
    const times: [string, number][] = [];
    const lanes = page.getByRole('list', { name: 'Lanes' }).getByRole('listitem');
    const measure = async (name: string, start: () => Promise<void>) => {
      const begin = performance.now();
      await start();
      await expect(lanes).toHaveCount(objects);
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      times.push([name, performance.now() - begin]);
    };
    const openFile = (file: string) => page.getByLabel('Open video or image').setInputFiles(file);
    await measure('take the file into the app, and open it', () => openFile(path));
    for (let n = 0; n < TIMES; n++) {
      await page.getByRole('button', { name: 'Projects' }).click();
      const entry = page.getByRole('button', { name: 'Open large' });
      await measure('open it from the list of projects', () => entry.click());
    }
    const bytes = await heapOf(page);
    await page.getByRole('button', { name: 'Projects' }).click();
    await expect(lanes).toHaveCount(0);
    await measure('the same without its doubtful frames', () => openFile(unjudged));
    times.push(...(await judged(page)));
    return { times, bytes };
  });
}

/** How long the page judges all masks, and the longest task of its own thread meanwhile. */
async function judged(page: Page): Promise<[string, number][]> {
  const begin = performance.now();
  // Tasks of less than 50 ms are not told.
  await page.evaluate(() => {
    Object.assign(window, { longest: 0 });
    new PerformanceObserver((list) => {
      const durations = list.getEntries().map(({ duration }) => duration);
      Object.assign(window, {
        longest: Math.max((window as unknown as { longest: number }).longest, ...durations),
      });
    }).observe({ type: 'longtask' });
  });
  await expect(page.getByRole('progressbar', { name: 'Looking for doubtful masks…' })).toBeHidden();
  const longest = await page.evaluate(() => (window as unknown as { longest: number }).longest);
  return [
    ['judge all of its masks, while the page goes on', performance.now() - begin],
    ['the longest task of the page meanwhile', longest],
  ];
}
