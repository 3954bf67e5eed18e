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

/** Reads a history. Masks stay compressed. @param size of every mask */
export function loadHistory(database: Database, size: Size): SavedHistory {
  const position = (key: string) => Number(readValue(database, key) ?? 0);
  return {
    ...{ oldest: position('oldest'), present: position('present'), newest: position('newest') },
    steps: database.query<{ position: number; label: string }>('select position, label from step'),
    settings: database.query<SettingsRow & StateRange>('select first, last, value from settings_version'),
    objects: loadObjects(database),
    prompts: loadPrompts(database, size),
    masks: [...loadMasks(database)],
  };
}

function loadObjects(database: Database): SavedHistory['objects'] {
  type Row = Omit<ObjectRow, 'locked'> & StateRange & { readonly locked: string };
  return database
    .query<Row>('select object, first, last, place, name, color, locked, more from object_version')
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

function loadPrompts(database: Database, size: Size): SavedHistory['prompts'] {
  const encoder = new TextEncoder();
  const mask = (text: string) => compressedRle(encoder.encode(text), size);
  return database
    .query<RawPrompts>('select * from prompt_version')
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

function* loadMasks(database: Database): Generator<ObjectMasks> {
  const objects = database.query<{ object: number }>('select distinct object from mask_version');
  const table = new MaskTable();
  for (const { object } of objects) yield loadObjectMasks(database, object, table);
}

function loadObjectMasks(database: Database, object: number, table: MaskTable): ObjectMasks {
  database.scan(
    `select frame, first, ifnull(last, -1), ${STATUS}, score, ifnull(origin, -1), ifnull(agreement, -1), more, rle from mask_version
      where object = ? order by frame, first`,
    [object],
    (row) => table.add(row),
  );
  return { object, ...table.take() };
}
