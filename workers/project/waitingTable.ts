import type { ClipInfo } from '../../src/core/clip.ts';
import { compressedBytes, compressedRle } from '../../src/core/compressedRle.ts';
import type { WaitingThing } from '../../src/core/protocol/project.ts';
import { readModel } from '../../src/core/provenance.ts';
import { single, type Database } from './database.ts';

/** Has found things wait in a project, in place of those that waited before: all of them, or none. */
export function writeWaiting(database: Database, things: readonly WaitingThing[]): void {
  const decoder = new TextDecoder();
  database.transaction(() => {
    database.exec('delete from waiting');
    for (const { frame, name, score, mask, model } of things)
      database.run(
        'insert into waiting (frame, name, score, rle, model, version) values (?, ?, ?, ?, ?, ?)',
        [
          ...[frame, name, score],
          decoder.decode(compressedBytes(mask)),
          ...[model?.id ?? null, model?.version ?? null],
        ],
      );
  });
}

/** A thing that waits, as the table has it. */
interface WaitingRow extends Pick<WaitingThing, 'frame' | 'name' | 'score'> {
  readonly rle: string;
  readonly model: string | null;
  readonly version: string | null;
}

/** The things that wait in a project. Those on frames that its clip does not have are left out. */
export function readWaiting(
  database: Database,
  clip: Pick<ClipInfo, 'width' | 'height' | 'frameCount'>,
): WaitingThing[] {
  const encoder = new TextEncoder();
  return database
    .query<WaitingRow>(
      'select frame, name, score, rle, model, version from waiting where frame between 0 and ? order by id',
      [clip.frameCount - 1],
    )
    .map(({ rle, model: id, version, ...thing }) => {
      const model = readModel(id, version);
      return { ...thing, mask: compressedRle(encoder.encode(rle), clip), ...(model && { model }) };
    });
}

/** How many things wait in a project. */
export function countWaiting(database: Database): number {
  return Number(single(database, 'select count(*) from waiting') ?? 0);
}
