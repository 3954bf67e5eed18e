import type { ClipInfo } from '../../src/core/clip.ts';
import { compressedRle } from '../../src/core/compressedRle.ts';
import type { VideoBox } from '../../src/core/geometry.ts';
import { PACKED_STATUSES } from '../../src/core/packedMasks.ts';
import type { FramePrompts, MaskAround, PointPrompt } from '../../src/core/prompts.ts';
import type {
  ObjectMasks,
  ObjectRow,
  PromptRow,
  SavedHistory,
  SettingsRow,
  StateRange,
} from '../../src/core/protocol/savedHistory.ts';
import type { Database } from './database.ts';
import { readProvenance, type Provenance } from '../../src/core/provenance.ts';
import { MaskTable } from './maskTable.ts';
import { arePositions, areRanges, implausible, isFrame, parseJson, type Positions } from './plausible.ts';
import { readValue } from './writeHistory.ts';

/** Where rows are read from, as SQL: the tables of objects, prompts and masks, for which states a row holds, and which rows are meant. */
interface Source {
  readonly tables: { readonly object: string; readonly prompt: string; readonly mask: string };
  readonly first: string;
  readonly last: string;
  readonly where: string;
  /** In which order masks of an object are read: that of their frames. */
  readonly order: string;
}

const HISTORY: Source = {
  tables: { object: 'object_version', prompt: 'prompt_version', mask: 'mask_version' },
  ...{ first: 'first', last: 'last', where: 'true', order: 'frame, first' },
};

/** What rows are read against: the size of every mask, and how many frames there are. */
type Extent = Pick<ClipInfo, 'width' | 'height' | 'frameCount'>;

const NO_SUCH_FRAME = 'it names frames that its video does not have';

/** Reads a history. Masks stay compressed. @throws `project-damaged` where it names states or frames that cannot be */
export function loadHistory(database: Database, clip: Extent): SavedHistory {
  const positions = readPositions(database);
  if (!arePositions(positions)) throw implausible('its steps cannot be told apart');
  return {
    ...positions,
    steps: database.query<{ position: number; label: string }>('select position, label from step'),
    settings: loadSettings(database),
    ...loadRows(database, HISTORY, clip),
  };
}

/** Settings stay JSON; that they are is checked here, where a damaged project is put together from what can be read. */
function loadSettings(database: Database): SavedHistory['settings'] {
  const rows = database.query<SettingsRow & StateRange>('select first, last, value from settings_version');
  for (const { value } of rows) parseJson(value);
  return rows;
}

/** Where the states of the history stand, as the project says. */
export function readPositions(database: Database): Positions {
  const position = (key: string) => Number(readValue(database, key) ?? 0);
  return { oldest: position('oldest'), present: position('present'), newest: position('newest') };
}

/**
 * Reads the objects of a run that was kept, as they were when it ended: a history of one state.
 *
 * @throws `project-damaged` where it names frames that cannot be
 */
export function loadRun(database: Database, run: number, clip: Extent): SavedHistory {
  const source: Source = {
    tables: { object: 'run_object', prompt: 'run_prompt', mask: 'run_mask' },
    ...{ first: '0', last: 'null', where: `run = ${run}`, order: 'frame' },
  };
  return {
    ...{ oldest: 0, present: 0, newest: 0, steps: [], settings: [] },
    ...loadRows(database, source, clip),
  };
}

function loadRows(
  database: Database,
  source: Source,
  clip: Extent,
): Pick<SavedHistory, 'objects' | 'prompts' | 'masks'> {
  return {
    objects: loadObjects(database, source, clip),
    prompts: loadPrompts(database, source, clip),
    masks: [...loadMasks(database, source, clip)],
  };
}

function loadObjects(
  database: Database,
  { tables, first, last, where }: Source,
  { frameCount }: Extent,
): SavedHistory['objects'] {
  type Row = Omit<ObjectRow, 'locked'> & StateRange & { readonly locked: string };
  return database
    .query<Row>(
      `select object, ${first} as first, ${last} as last, place, name, color, locked, more from ${tables.object} where ${where}`,
    )
    .map((row) => {
      const locked: unknown = parseJson(row.locked);
      const { reviewed = [] } = (parseJson(row.more ?? '{}') ?? {}) as { reviewed?: unknown };
      if (!areRanges(locked, frameCount) || !areRanges(reviewed, frameCount))
        throw implausible(NO_SUCH_FRAME);
      return { ...row, locked };
    });
}

interface RawPrompts extends StateRange {
  readonly object: number;
  readonly frame: number;
  readonly points: string;
  readonly box: string | null;
  readonly mask: string | null;
  readonly prior: string | null;
  readonly reading: number | null;
  readonly decoded: number;
  readonly more: string | null;
}

/** A mask of another frame, as COCO's run lengths. */
type RawMaskAround = Omit<MaskAround, 'mask'> & { readonly mask: string };

function loadPrompts(
  database: Database,
  { tables, first: from, last: to, where }: Source,
  clip: Extent,
): SavedHistory['prompts'] {
  const encoder = new TextEncoder();
  const mask = (text: string) => compressedRle(encoder.encode(text), clip);
  return database
    .query<RawPrompts>(
      `select object, frame, ${from} as first, ${to} as last, points, box, mask, prior, reading, decoded, more
        from ${tables.prompt} where ${where}`,
    )
    .map(({ object, frame, first, last, decoded, ...row }): PromptRow & StateRange => {
      if (!isFrame(frame, clip.frameCount)) throw implausible(NO_SUCH_FRAME);
      const { around, maskProvenance, priorProvenance, ...more } = parseJson(row.more ?? '{}') as {
        readonly around?: readonly RawMaskAround[];
        readonly maskProvenance?: unknown;
        readonly priorProvenance?: unknown;
      };
      const [ofMask, ofPrior] = [provenanceOfJson(maskProvenance), provenanceOfJson(priorProvenance)];
      const prompts: FramePrompts = {
        ...more,
        ...(around && { around: around.map((each) => ({ ...each, mask: mask(each.mask) })) }),
        points: parseJson(row.points) as PointPrompt[],
        ...(row.box !== null && { box: parseJson(row.box) as VideoBox }),
        ...(row.mask !== null && { mask: mask(row.mask) }),
        ...(row.reading !== null && { reading: row.reading }),
        ...(row.prior !== null && { prior: mask(row.prior) }),
        ...(ofMask && { maskProvenance: ofMask }),
        ...(ofPrior && { priorProvenance: ofPrior }),
      };
      return { object, frame, first, last, prompts, decoded: decoded !== 0 };
    });
}

function provenanceOfJson(json: unknown): Provenance | undefined {
  const { origin, model } = (json ?? {}) as { readonly origin?: unknown; readonly model?: unknown };
  const { id, version } = (model ?? {}) as { readonly id?: unknown; readonly version?: unknown };
  return readProvenance(origin, id, version);
}

/** The number that stands for a status. */
const STATUS = `case status ${PACKED_STATUSES.map((status, at) => `when '${status}' then ${at}`).join(' ')} else 2 end`;

function* loadMasks(database: Database, source: Source, { frameCount }: Extent): Generator<ObjectMasks> {
  const objects = database.query<{ object: number }>(
    `select distinct object from ${source.tables.mask} where ${source.where}`,
  );
  const table = new MaskTable(loadProvenances(database));
  for (const { object } of objects) {
    const masks = loadObjectMasks(database, source, object, table);
    // What is below 0 is more than any clip has: the column holds no signs.
    if (masks.columns.frames.some((frame) => frame >= frameCount)) throw implausible(NO_SUCH_FRAME);
    yield masks;
  }
}

/** Where masks come from, by number. */
function loadProvenances(database: Database): ReadonlyMap<number, Provenance> {
  type Row = Readonly<Record<'origin' | 'model' | 'version', unknown>> & { readonly id: number };
  return new Map(
    database
      .query<Row>('select id, origin, model, version from provenance')
      .flatMap(({ id, origin, model, version }) => {
        const found = readProvenance(origin, model, version);
        return found ? [[id, found] as const] : [];
      }),
  );
}

function loadObjectMasks(
  database: Database,
  { tables, first, last, where, order }: Source,
  object: number,
  table: MaskTable,
): ObjectMasks {
  database.scan(
    `select frame, ${first}, ifnull(${last}, -1), ${STATUS}, score, ifnull(origin, -1), ifnull(agreement, -1), more, rle, ifnull(provenance, 0) from ${tables.mask}
      where ${where} and object = ? order by ${order}`,
    [object],
    (row) => table.add(row),
  );
  return { object, ...table.take() };
}
