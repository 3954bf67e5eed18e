import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPrompts } from '../../src/document/promptedMasks.ts';
import { commit, newHistory } from '../../src/document/history.ts';
import { changesOf } from '../../src/document/saved/changes.ts';
import { doubtChanges } from '../../src/document/saved/doubtChanges.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { follow, statesOf } from '../../src/document/saved/states.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { openInBrowser } from './benchBrowser.ts';
import { LARGE, largeDocument, largeFacts } from './largeProject.ts';
import { openDatabase } from './projectFile.ts';

/**
 * `npm run bench:project`: how long a large project takes to be written, opened and changed, in Node with SQLite's WebAssembly build, and
 * to be opened in the app. It has 10,000 frames and 50 objects, each mask a disc of 80 pixels.
 */
function timed<Result>(name: string, work: () => Result): Result {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  say(name, performance.now() - start, (user + system) / 1000);
  return result;
}

function say(name: string, ms: number, cpuMs?: number): void {
  const cpu = cpuMs === undefined ? '' : ` (${(cpuMs / 1000).toFixed(2)} s of the processor)`;
  console.log(`${name.padEnd(48)} ${(ms / 1000).toFixed(2)} s${cpu}`);
}

const document = largeDocument();
const database = await openDatabase();
createProject(database, largeFacts());
timed(`write ${LARGE.frames * LARGE.objects} masks`, () =>
  saveProject(database, {
    history: changesOf(undefined, statesOf(newHistory(document), 0)),
    // None of its masks is doubtful.
    doubts: doubtChanges(undefined, new Map()),
  }),
);
const file = database.bytes();
console.log(`${'size'.padEnd(48)} ${(file.length / 1e6).toFixed(0)} MB`);
database.close();

const again = await openDatabase(file);
const project = timed('read from the database', () => loadProject(again));
const read = timed('make the document', () => readHistory(project.history, LARGE));
const present = read.documents[read.present];
if (present?.objects.length !== LARGE.objects) throw new Error('The project was not read whole.');
const clicked = commit(
  newHistory(present),
  withPrompts(present, 1, 5000, { points: [{ x: 1, y: 1, label: 1 }] }),
  'click',
);
timed(`save a click that makes ${LARGE.frames} masks stale`, () => {
  const next = follow(read, clicked);
  if (next) saveProject(again, { history: changesOf(read, next) });
});
again.close();

const other = await openDatabase(file);
other.run("delete from project where key = 'doubtRules'");
const unjudged = other.bytes();
other.close();

const folder = await mkdtemp(join(tmpdir(), 'masklet-bench-'));
try {
  const path = join(folder, 'large.masklet');
  await writeFile(path, file);
  const paths = { path, unjudged: join(folder, 'unjudged.masklet') };
  await writeFile(paths.unjudged, unjudged);
  const opened = await openInBrowser(paths, join(folder, 'profile'), LARGE.objects);
  for (const [name, ms] of opened.times) say(name, ms);
  console.log(`${'memory of the page, when it is open'.padEnd(48)} ${(opened.bytes / 1e6).toFixed(0)} MB`);
} finally {
  await rm(folder, { recursive: true });
}
