import { toCocoString } from '../../src/core/cocoString.ts';
import { compressedRle } from '../../src/core/compressedRle.ts';
import { MaskTrack, type FrameMask } from '../../src/core/maskTrack.ts';
import { encodeRle } from '../../src/core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject, withPrompts } from '../../src/document/document.ts';
import { commit, newHistory } from '../../src/document/history.ts';
import { changesOf } from '../../src/document/saved/changes.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { follow, statesOf } from '../../src/document/saved/states.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { openDatabase } from './projectFile.ts';
import { FACTS } from './testing/facts.ts';

/**
 * Prints how long a large project takes to be written, opened and changed, in Node with SQLite's WebAssembly build: 10,000 frames with 50
 * objects, each mask a disc of 40 pixels. `npm run bench:project`.
 */
const [FRAMES, OBJECTS] = [10_000, 50];
const size = { width: 1920, height: 1080 };

const raster = new Uint8Array(size.width * size.height);
for (let y = 0; y < 80; y++)
  for (let x = 0; x < 80; x++)
    if (Math.hypot(x - 40, y - 40) < 40) raster[(500 + y) * size.width + 900 + x] = 1;
const bytes = toCocoString(encodeRle(raster, size));

let document = EMPTY_DOCUMENT;
for (let id = 1; id <= OBJECTS; id++) document = withNewObject(document).document;
document = {
  ...document,
  objects: document.objects.map((object) => ({
    ...object,
    track: MaskTrack.EMPTY.with(
      Array.from({ length: FRAMES }, (_, frame): [number, FrameMask] => [
        frame,
        { mask: compressedRle(bytes, size), status: 'tracked', score: 0.9, origin: 0 },
      ]),
    ),
  })),
};

function timed<Result>(name: string, work: () => Result): Result {
  const start = performance.now();
  const result = work();
  console.log(`${name.padEnd(40)} ${((performance.now() - start) / 1000).toFixed(2)} s`);
  return result;
}

const clip = { ...FACTS.clip, ...size, frameCount: FRAMES, timestamps: new Float64Array(FRAMES) };
const database = await openDatabase();
createProject(database, { ...FACTS, clip });
const history = newHistory(document);
const states = statesOf(history, 0);
timed(`write ${FRAMES * OBJECTS} masks`, () =>
  saveProject(database, { history: changesOf(undefined, states) }),
);
const file = database.bytes();
console.log(`${'size'.padEnd(40)} ${(file.length / 1e6).toFixed(0)} MB`);
database.close();

const again = await openDatabase(file);
const project = timed('read from the database', () => loadProject(again));
const read = timed('make the document', () => readHistory(project.history, size));
const present = read.documents[read.present];
if (present?.objects.length !== OBJECTS) throw new Error('The project was not read whole.');
const clicked = commit(
  newHistory(present),
  withPrompts(present, 1, 5000, { points: [{ x: 1, y: 1, label: 1 }] }),
  'click',
);
timed('save a click that makes 10,000 masks stale', () => {
  const next = follow(read, clicked);
  if (next) saveProject(again, { history: changesOf(read, next) });
});
again.close();
