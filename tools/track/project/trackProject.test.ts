import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { EMPTY_DOCUMENT, withNewObject, type MaskDocument } from '../../../src/document/document.ts';
import { withPrompts } from '../../../src/document/promptedMasks.ts';
import { commit, newHistory } from '../../../src/document/history.ts';
import { changesOf } from '../../../src/document/saved/changes.ts';
import { statesOf } from '../../../src/document/saved/states.ts';
import { statuses } from '../../../src/document/testing/documents.ts';
import { createProject, saveProject } from '../../../workers/project/projectDatabase.ts';
import { openDatabase, openProjectFile } from '../../project/projectFile.ts';
import { DISC_CLIP, discCentre, hasFfmpeg, writeDiscClip } from '../../testing/discClip.ts';
import { runTrack } from '../testing/runTrack.ts';
import { trackProject } from './trackProject.ts';

const MODEL = fileURLToPath(new URL('../../../fixtures/models/sam2.1-tiny-random', import.meta.url));
const FRAMES = 12;
const PROMPTED = 3;

const root = await mkdtemp(join(tmpdir(), 'masklet-project-'));
afterAll(() => rm(root, { recursive: true }));
const video = join(root, 'disc');
await writeDiscClip(video, FRAMES);

const clicked = withPrompts(withNewObject(EMPTY_DOCUMENT).document, 1, PROMPTED, {
  points: [{ ...discCentre(PROMPTED), label: 1 }],
});
const database = await openDatabase();
createProject(database, {
  ...{ name: 'disc', clipName: 'disc', fingerprint: null, model: null, picture: null },
  clip: {
    ...{ kind: 'video', ...DISC_CLIP, frameCount: FRAMES, duration: FRAMES / 25, codec: 'png' },
    timestamps: Float64Array.from({ length: FRAMES }, (_, frame) => frame / 25),
  },
});
saveProject(database, {
  history: changesOf(
    undefined,
    statesOf(commit(newHistory<MaskDocument>(EMPTY_DOCUMENT), clicked, 'click'), 0),
  ),
});
const project = join(root, 'disc.masklet');
await writeFile(project, database.bytes());
database.close();

const track = (file: string, more: readonly string[] = [], stopAt?: string) =>
  runTrack([file, '--model', MODEL, '--threads', '1', ...more], stopAt);

async function opened(path: string) {
  const found = await openProjectFile(path);
  const doubtful = found.database.query('select count(*) as count from doubt');
  found.database.close();
  const { documents, present, labels } = found.states;
  return { document: documents[present]!, labels, doubts: found.project.doubts, doubtful };
}

describe.skipIf(!hasFfmpeg)('npm run track -- PROJECT.masklet', { timeout: 300_000 }, () => {
  it('stopped and run again, tracks all frames into the project, as a step that can be undone', async () => {
    const out = join(root, 'stopped.masklet');
    const stopped = await track(project, ['--out', out], 'frame 5 of');
    expect(stopped.said).toContain(`the masks so far are in ${out}`);
    expect(stopped.code).toBe(130);
    const part = await opened(out);
    const done = Object.keys(statuses(part.document)).length;
    expect(done).toBeGreaterThanOrEqual(4);
    expect(done).toBeLessThan(FRAMES);

    const { code, said } = await track(out, ['--video', video]);
    expect(said).toContain(`The masks are in ${out}`);
    expect(code).toBe(0);
    const { document, labels, doubts } = await opened(out);
    expect(labels).toEqual(['', 'click', 'track', 'track']);
    expect(doubts).toBeDefined();
    const found = statuses(document);
    expect(Object.keys(found)).toHaveLength(FRAMES);
    expect(found[PROMPTED]).toBe('prompted');
    expect(Object.values(found)).not.toContain('stale');

    expect(await track(out)).toMatchObject({
      code: 0,
      said: expect.stringContaining('Nothing is left') as string,
    });
  });

  it('leaves a project alone whose video is another one or is not there, or that is none', async () => {
    const before = await readFile(project);
    const short = join(root, 'short');
    await writeDiscClip(short, FRAMES - 1);
    const broken = join(root, 'broken.masklet');
    await writeFile(broken, 'SQLite format 3\0 and nothing more');
    const alone = join(root, 'alone');
    await cp(project, join(alone, 'disc.masklet'));
    for (const [args, sentence] of [
      [[project, '--video', join(root, 'none')], 'There is no file or folder'],
      [[join(alone, 'disc.masklet')], '“disc” is not beside it'],
      [[broken], broken],
      [[join(root, 'none.masklet')], 'cannot be read'],
      [[project, '--prompts', 'prompts.json'], "'--prompts'"],
    ] as const) {
      await expect(trackProject([...args])).rejects.toThrow(sentence);
    }
    const { code, said } = await track(project, ['--video', short]);
    expect(said).toContain('it has 11 frames, not 12');
    expect(code, said).toBe(2);
    expect(await readFile(project)).toEqual(before);
  });
});
