import { compressedRle } from '../../src/core/compressedRle.ts';
import type { FrameRanges } from '../../src/core/frameRanges.ts';
import type { Size, VideoBox } from '../../src/core/geometry.ts';
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
import { MaskTable } from './maskTable.ts';
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

/** Reads a history. Masks stay compressed. @param size of every mask */
export function loadHistory(database: Database, size: Size): SavedHistory {
  const position = (key: string) => Number(readValue(database, key) ?? 0);
  return {
    ...{ oldest: position('oldest'), present: position('present'), newest: position('newest') },
    steps: database.query<{ position: number; label: string }>('select position, label from step'),
    settings: database.query<SettingsRow & StateRange>('select first, last, value from settings_version'),
    ...loadRows(database, HISTORY, size),
  };
}

/** Reads the objects of a run that was kept, as they were when it ended: a history of one state. @param size of every mask */
export function loadRun(database: Database, run: number, size: Size): SavedHistory {
  const source: Source = {
    tables: { object: 'run_object', prompt: 'run_prompt', mask: 'run_mask' },
    ...{ first: '0', last: 'null', where: `run = ${run}`, order: 'frame' },
  };
  return {
    ...{ oldest: 0, present: 0, newest: 0, steps: [], settings: [] },
    ...loadRows(database, source, size),
  };
}

function loadRows(
  database: Database,
  source: Source,
  size: Size,
): Pick<SavedHistory, 'objects' | 'prompts' | 'masks'> {
  return {
    objects: loadObjects(database, source),
    prompts: loadPrompts(database, source, size),
    masks: [...loadMasks(database, source)],
  };
}

function loadObjects(database: Database, { tables, first, last, where }: Source): SavedHistory['objects'] {
  type Row = Omit<ObjectRow, 'locked'> & StateRange & { readonly locked: string };
  return database
    .query<Row>(
      `select object, ${first} as first, ${last} as last, place, name, color, locked, more from ${tables.object} where ${where}`,
    )
    .map((row) => ({ ...row, locked: JSON.parse(row.locked) as FrameRanges }));
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
  size: Size,
): SavedHistory['prompts'] {
  const encoder = new TextEncoder();
  const mask = (text: string) => compressedRle(encoder.encode(text), size);
  return database
    .query<RawPrompts>(
      `select object, frame, ${from} as first, ${to} as last, points, box, mask, prior, reading, decoded, more
        from ${tables.prompt} where ${where}`,
    )
    .map(({ object, frame, first, last, decoded, ...row }): PromptRow & StateRange => {
      const { around, ...more } = JSON.parse(row.more ?? '{}') as { around?: readonly RawMaskAround[] };
      const prompts: FramePrompts = {
        ...more,
        ...(around && { around: around.map((each) => ({ ...each, mask: mask(each.mask) })) }),
        points: JSON.parse(row.points) as PointPrompt[],
        ...(row.box !== null && { box: JSON.parse(row.box) as VideoBox }),
        ...(row.mask !== null && { mask: mask(row.mask) }),
        ...(row.reading !== null && { reading: row.reading }),
        ...(row.prior !== null && { prior: mask(row.prior) }),
      };
      return { object, frame, first, last, prompts, decoded: decoded !== 0 };
    });
}

/** The number that stands for a status. */
const STATUS = `case status ${PACKED_STATUSES.map((status, at) => `when '${status}' then ${at}`).join(' ')} else 2 end`;

function* loadMasks(database: Database, source: Source): Generator<ObjectMasks> {
  const objects = database.query<{ object: number }>(
    `select distinct object from ${source.tables.mask} where ${source.where}`,
  );
  const table = new MaskTable();
  for (const { object } of objects) yield loadObjectMasks(database, source, object, table);
}

function loadObjectMasks(
  database: Database,
  { tables, first, last, where, order }: Source,
  object: number,
  table: MaskTable,
): ObjectMasks {
  database.scan(
    `select frame, ${first}, ifnull(${last}, -1), ${STATUS}, score, ifnull(origin, -1), ifnull(agreement, -1), more, rle from ${tables.mask}
      where ${where} and object = ? order by ${order}`,
    [object],
    (row) => table.add(row),
  );
  return { object, ...table.take() };
}
