/**
 * `npm run quality`: the tracker with its real weights on short painted clips, held to the IoUs in tools/quality/recorded.json.
 * `npm run quality -- --record` writes them anew.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureGraphs } from './graphs/embeddedGraphs.ts';
import { openFollower } from '../workers/tracker/testing/embeddedWeights.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { formatTable, share } from './eval/table.ts';
import { GATE_CLIPS } from './quality/clips.ts';
import { losses, MAY_LOSE, qualityOf, type Qualities } from './quality/gate.ts';
import recorded from './quality/recorded.json' with { type: 'json' };

const RECORD = new URL('quality/recorded.json', import.meta.url);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { record: { type: 'boolean', default: false } } });
  await ensureGraphs();
  const measured: Record<string, number> = {};
  for (const { name, clip, truth } of GATE_CLIPS) {
    const { follow, dispose } = await openFollower(clip, truth);
    measured[name] = Number(qualityOf(await follow()).toFixed(4));
    await dispose();
  }
  const before: Qualities = recorded;
  const rows = Object.entries(measured).map(([name, now]) => [name, share(before[name] ?? NaN), share(now)]);
  console.log(formatTable(['clip', 'recorded', 'now'], rows));
  if (values.record) {
    await writeFile(RECORD, `${JSON.stringify(measured, null, 2)}\n`);
    return EXIT.ok;
  }
  const lost = losses(before, measured);
  for (const sentence of lost) console.error(sentence);
  if (lost.length > 0) console.error(`No clip may lose more than ${MAY_LOSE} of its recorded IoU.`);
  return lost.length > 0 ? EXIT.failed : EXIT.ok;
}

await runCommand(main);
