import type { ClipInfo } from '../../src/core/clip.ts';
import { MaskletError } from '../../src/core/errors.ts';
import { DOUBT_RULES } from '../../src/core/doubt.ts';
import type {
  DoubtChanges,
  DoubtRow,
  Fingerprint,
  OpenedProject,
  ProjectChanges,
  ProjectFacts,
  ProjectScan,
  ProjectView,
} from '../../src/core/protocol/project.ts';
import type { Database } from './database.ts';
import { keptRuns } from './keptRuns.ts';
import { loadHistory } from './loadHistory.ts';
import { writeLog } from './logTable.ts';
import { areRanges, implausible, isClip, isFrame } from './plausible.ts';
import { prepareSchema } from './schema.ts';
import { readWaiting } from './waitingTable.ts';
import { readValue, writeHistory, writeValue } from './writeHistory.ts';

/** Makes an empty database a project. */
export function createProject(database: Database, facts: ProjectFacts): void {
  prepareSchema(database);
  database.transaction(() => writeFacts(database, facts));
}

/** Makes changes in a project: all of them, or none. */
export function saveProject(
  database: Database,
  { history, view, scan, facts, doubts, log }: ProjectChanges,
): void {
  database.transaction(() => {
    if (facts) writeFacts(database, facts);
    if (history) writeHistory(database, history);
    if (view) writeValue(database, 'view', view);
    if (scan) writeScan(database, scan);
    if (doubts) writeDoubts(database, doubts);
    if (log) writeLog(database, log);
    writeValue(database, 'changed', Date.now());
  });
}

/** Reads all of a project, and brings an older one up to date. @throws `project-newer`, `file-not-project` */
export function loadProject(database: Database): OpenedProject {
  prepareSchema(database);
  const facts = readFacts(database);
  return {
    facts,
    history: loadHistory(database, facts.clip),
    view: readView(database, facts.clip),
    scan: readScan(database, facts.clip),
    doubts: readDoubts(database),
    runs: keptRuns(database),
    waiting: readWaiting(database, facts.clip),
    losses: [],
  };
}

/** What a project is about. @throws `file-not-project` if that was never written; `project-damaged` where it cannot be */
export function readFacts(database: Database): ProjectFacts {
  const value = <T>(key: string) => readValue(database, key) as T | undefined;
  const clip = value<SavedClip>('clip');
  if (clip === undefined)
    throw new MaskletError('file-not-project', 'This project does not say what video it belongs to.');
  if (!isClip({ ...clip, timestamps: new Float64Array() }, clip.timestamps))
    throw implausible('what it says of its video cannot be');
  const name = value<string>('name') ?? 'Project';
  return {
    ...{ name, clipName: value<string>('clipName') ?? name },
    clip: { ...clip, timestamps: Float64Array.from(clip.timestamps) },
    fingerprint: value<Fingerprint>('fingerprint') ?? null,
    model: value<string>('model') ?? null,
    picture: value<string>('picture') ?? null,
  };
}

/** What the page showed. Places that the clip does not have are left out. */
function readView(database: Database, { frameCount }: ClipInfo): ProjectView | undefined {
  const view = readValue(database, 'view') as ProjectView | undefined;
  if (view === undefined || !isFrame(view.frame, frameCount)) return undefined;
  return { ...view, range: view.range && areRanges([view.range], frameCount) ? view.range : null };
}

type SavedClip = Omit<ClipInfo, 'timestamps'> & { readonly timestamps: readonly number[] };

function writeFacts(database: Database, { clip, ...facts }: Partial<ProjectFacts>): void {
  for (const [key, value] of Object.entries(facts)) writeValue(database, key, value);
  if (clip) writeValue(database, 'clip', { ...clip, timestamps: Array.from(clip.timestamps) });
}

function writeScan(database: Database, { shots, thumbnails }: ProjectScan): void {
  database.exec('delete from shot; delete from thumbnail;');
  for (const frame of shots) database.run('insert into shot (frame) values (?)', [frame]);
  for (const { frame, picture } of thumbnails)
    database.run('insert or replace into thumbnail (frame, picture) values (?, ?)', [frame, picture]);
  writeValue(database, 'scanned', true);
}

function readScan(database: Database, { frameCount }: ClipInfo): ProjectScan | undefined {
  if (readValue(database, 'scanned') !== true) return undefined;
  return {
    shots: database
      .query<{ frame: number }>('select frame from shot where frame between 0 and ? order by frame', [
        frameCount - 1,
      ])
      .map(({ frame }) => frame),
    thumbnails: database.query<ProjectScan['thumbnails'][number]>(
      'select frame, picture from thumbnail where frame between 0 and ? order by frame',
      [frameCount - 1],
    ),
  };
}

function writeDoubts(database: Database, { rules, isNew, drop, put }: DoubtChanges): void {
  if (isNew) database.exec('delete from doubt');
  for (const { object, frame } of drop)
    database.run('delete from doubt where object = ? and frame = ?', [object, frame]);
  for (const { object, frame, doubt } of put)
    database.run('insert or replace into doubt (object, frame, doubt) values (?, ?, ?)', [
      object,
      frame,
      doubt,
    ]);
  writeValue(database, 'doubtRules', rules);
}

function readDoubts(database: Database): DoubtRow[] | undefined {
  if (readValue(database, 'doubtRules') !== DOUBT_RULES) return undefined;
  return database.query<DoubtRow>('select object, frame, doubt from doubt');
}
