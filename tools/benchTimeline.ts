/** `npm run bench:timeline`: whether the page stays smooth with a long clip and many objects. See docs/performance.md. */
import { onBuiltPage } from './bench/builtPage.ts';
import type { GestureTimes, TimelineSize } from './bench/timelineTimes.ts';
import { formatTable } from './eval/table.ts';
import { EXIT, runCommand } from './node/runCommand.ts';

const SIZES: readonly TimelineSize[] = [
  { frames: 300, objects: 1 },
  { frames: 30_000, objects: 50 },
];
const REPEATS = 100;

async function main(): Promise<number> {
  const rows = await onBuiltPage('timelinePage', [], async (page) => {
    const found: (string | number)[][] = [];
    for (const size of SIZES) {
      await page.goto('./');
      await page.waitForFunction(() => 'timeline' in window);
      const results = await page.evaluate(
        ([given, count]) =>
          (
            window as unknown as { timeline(size: TimelineSize, count: number): Promise<GestureTimes[]> }
          ).timeline(given, count),
        [size, REPEATS] as const,
      );
      found.push(...results.map(rowOf));
    }
    return found;
  });
  console.log(`Milliseconds from a gesture to the frame after it, ${REPEATS} times each`);
  console.log(formatTable(['frames', 'objects', 'gesture', 'median', 'longest', 'tasks > 50 ms'], rows));
  return EXIT.ok;
}

function rowOf({ frames, objects, name, times, longTasks }: GestureTimes): (string | number)[] {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return [frames, objects, name, median.toFixed(1), (sorted.at(-1) ?? 0).toFixed(1), longTasks.length];
}

await runCommand(main);
