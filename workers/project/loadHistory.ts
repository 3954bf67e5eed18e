import { lazyRle } from '../../src/core/cocoString.ts';
import type { FrameRanges } from '../../src/core/frameRanges.ts';
import type { Size, VideoBox } from '../../src/core/geometry.ts';
import type { FramePrompts, MaskAround, PointPrompt } from '../../src/core/prompts.ts';
import type {
  MaskGroup,
  ObjectRow,
  PromptRow,
  SavedHistory,
  SettingsRow,
  StateRange,
} from '../../src/core/protocol/savedHistory.ts';
import type { Database } from './database.ts';
import { readValue } from './writeHistory.ts';

/** Frames of a group of masks: they are read in one query. */
const GROUP = 1024;

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
  const mask = (text: string) => lazyRle(encoder.encode(text), size);
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

/** A real number with all its digits, as JSON. */
const exact = (column: string) => `json(format('%!.17g', ${column}))`;

/** SQLite itself joins what belongs together: rows one by one would take many times as long. */
const GROUP_QUERY = `
  select
    json_group_array(json_array(
      frame, first, last, status, ${exact('score')}, origin,
      case when agreement is null then null else ${exact('agreement')} end, length(rle), more
    )) as facts,
    cast(group_concat(rle, '') as blob) as runs
  from (select * from mask_version where object = ? and frame >= ? and frame < ? order by frame, first)
  having count(*) > 0`;

function* loadMasks(database: Database): Generator<MaskGroup> {
  const objects = database.query<{ object: number; first: number; last: number }>(
    'select object, min(frame) as first, max(frame) as last from mask_version group by object',
  );
  for (const { object, first, last } of objects) {
    for (let from = first; from <= last; from += GROUP) {
      const [group] = database.query<Omit<MaskGroup, 'object'>>(GROUP_QUERY, [object, from, from + GROUP]);
      if (group) yield { object, ...group };
    }
  }
}
