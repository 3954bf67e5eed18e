import { compressed } from '../../core/compressedRle.ts';
import { toMaskletError } from '../../core/errors.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import { MaskTrack } from '../../core/maskTrack.ts';
import { encodeRle } from '../../core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskDocument } from '../../document/document.ts';
import { newHistory } from '../../document/history.ts';
import { changesOf } from '../../document/saved/changes.ts';
import { readHistory } from '../../document/saved/readHistory.ts';
import { statesOf } from '../../document/saved/states.ts';
import { projectClient, type ProjectClient } from '../../engine/project.ts';
import { notify, notifyProblem } from '../page/noticesStore.ts';

/**
 * Masks that are saved one by one, and how many of them are said to be saved before the worker is ended. It cannot be done with the
 * others by then.
 */
const [MASKS, BEFORE_CRASH] = [240, 12];

/** How long a worker that was ended may hold on to its files, and how often they are asked for, in milliseconds. */
const [PATIENCE, PAUSE] = [10_000, 100];

const SIZE = { width: 64, height: 36 };

/** What became of the scratch project. */
interface SavingCheck {
  /** Masks that the worker had said to be saved when it was ended. */
  readonly said: number;
  /** Masks that were there when the project was opened again; all of them as they were. */
  readonly back: number;
}

let running = false;

/**
 * Saves a scratch project, ends its worker in the middle of a save, opens the project again, and says what came back. The open project
 * is not touched: its worker is another one.
 */
export async function checkSaving(): Promise<void> {
  if (running) return;
  running = true;
  try {
    const { said, back } = await crashScratchProject();
    notify(
      `Saving works: ${said} masks of a scratch project were saved when its worker was ended in the middle of a save. ${back} came back.`,
    );
  } catch (thrown) {
    notifyProblem(
      `Saving does not work as it should: ${toMaskletError(thrown).message} Save what matters as a file.`,
      { about: 'app' },
    );
  } finally {
    running = false;
  }
}

/** Gives what came back. @throws where anything is missing that was said to be saved, or differs */
async function crashScratchProject(): Promise<SavingCheck> {
  const id = `scratch-${crypto.randomUUID()}`;
  const first = projectClient();
  let said = 0;
  try {
    await first.create(id, {
      ...{ name: 'Scratch', clipName: 'scratch', fingerprint: null, model: null, picture: null },
      clip: {
        ...{ kind: 'video', ...SIZE, frameCount: MASKS, duration: 1, codec: 'none' },
        timestamps: Float64Array.from({ length: MASKS }, (_, frame) => frame / MASKS),
      },
    });
    await new Promise<void>((resolve, reject) => {
      void saveMasks(first, id, () => {
        said++;
        if (said === BEFORE_CRASH) resolve();
      }).catch(reject);
    });
  } finally {
    // The saves that follow are under way.
    first.end();
  }
  const second = projectClient();
  try {
    const back = masksIn(await openSoon(second, id));
    if (back < said) throw new Error(`${said - back} masks that were said to be saved are missing.`);
    return { said, back };
  } finally {
    await second.erase(id).catch(() => undefined);
    second.end();
  }
}

/** Sends all saves at once: the worker makes one after the other. */
async function saveMasks(client: ProjectClient, id: string, saved: () => void): Promise<void> {
  let states = statesOf(newHistory<MaskDocument>(withNewObject(EMPTY_DOCUMENT).document), 0);
  const saves = [client.save(id, { history: changesOf(undefined, states) })];
  for (let frame = 0; frame < MASKS; frame++) {
    const documents = states.documents.map((document) => ({
      ...document,
      objects: document.objects.map((object) => ({
        ...object,
        track: object.track.with([[frame, maskOf(frame)]]),
      })),
    }));
    const next = { ...states, documents };
    saves.push(client.save(id, { history: changesOf(states, next) }).then(saved));
    states = next;
  }
  await Promise.all(saves);
}

/** A bar that moves with the frames. */
function maskOf(frame: number): FrameMask {
  const start = frame % SIZE.width;
  const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => {
    const x = at % SIZE.width;
    return Number(x >= start && x < start + 8);
  });
  return { mask: compressed(encodeRle(pixels, SIZE)), status: 'tracked', score: 1 };
}

type Opened = Awaited<ReturnType<ProjectClient['open']>>;

/** The files of a worker that was ended are free a moment later. */
async function openSoon(client: ProjectClient, id: string): Promise<Opened> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      return await client.open(id);
    } catch (thrown) {
      if (toMaskletError(thrown).code !== 'project-busy' || waited >= PATIENCE) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** How many masks there are. @throws if one is not what was saved */
function masksIn({ history, losses }: Opened): number {
  const [loss] = losses;
  if (loss !== undefined) throw new Error(loss);
  const { documents, present } = readHistory(history, SIZE);
  const track = documents[present]?.objects[0]?.track ?? MaskTrack.EMPTY;
  for (const [frame, { mask }] of track) {
    const expected = maskOf(frame).mask.counts;
    if (mask.counts.length !== expected.length || mask.counts.some((count, at) => count !== expected[at]))
      throw new Error(`The mask of frame ${frame} is not what was saved.`);
  }
  return track.size;
}
