import { compressedRle } from './compressedRle.ts';
import type { Part } from './frameMap.ts';
import type { Size } from './geometry.ts';
import type { Provenance } from './provenance.ts';
import type { FrameMask, FrameStatus, StatusCounts } from './frameMask.ts';

/** The statuses by the numbers that stand for them in {@link MaskColumns}. */
export const PACKED_STATUSES: readonly FrameStatus[] = [
  'prompted',
  'tracked',
  'stale',
  'absent',
  'interpolated',
  'detailed',
];

/** Masks of one object as columns, a row each, in the order of their frames. */
export interface MaskColumns {
  readonly frames: Uint32Array<ArrayBuffer>;
  /** Indices in {@link PACKED_STATUSES}. */
  readonly statuses: Uint8Array<ArrayBuffer>;
  readonly scores: Float64Array<ArrayBuffer>;
  /** -1 where there is none. */
  readonly origins: Int32Array<ArrayBuffer>;
  /** -1 where there is none. */
  readonly agreements: Float64Array<ArrayBuffer>;
  /** Numbers of those in `provenanceOf`; 0 where nothing is known. */
  readonly provenances: Uint32Array<ArrayBuffer>;
  readonly provenanceOf: ReadonlyMap<number, Provenance>;
  /** Where the run lengths of a row end in `runs`; they begin where those of the row before end. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** The compressed run lengths of all rows. */
  readonly runs: Uint8Array<ArrayBuffer>;
  /** What else is known of a mask, as JSON by its row; few have any. */
  readonly more: ReadonlyMap<number, string>;
}

/** The mask in a row. @param size of every mask */
export function maskInRow(columns: MaskColumns, row: number, size: Size): FrameMask {
  const [start, end] = [columns.ends[row - 1] ?? 0, columns.ends[row] ?? 0];
  const more = columns.more.get(row);
  const provenance = columns.provenanceOf.get(columns.provenances[row] ?? 0);
  const [origin = -1, agreement = -1] = [columns.origins[row], columns.agreements[row]];
  return {
    ...(more === undefined ? undefined : (JSON.parse(more) as object)),
    mask: compressedRle(columns.runs.subarray(start, end), size),
    status: PACKED_STATUSES[columns.statuses[row] ?? 0] ?? 'stale',
    score: columns.scores[row] ?? 0,
    ...(origin >= 0 && { origin }),
    ...(agreement >= 0 && { agreement }),
    ...(provenance && { provenance }),
  };
}

/** Rows of {@link MaskColumns} as a part of a track. A mask is made when it is first asked for: most never are. */
export class PackedMasks implements Part<FrameMask> {
  readonly #columns: MaskColumns;
  readonly #first: number;
  readonly #size: Size;
  readonly #made: (FrameMask | undefined)[] = [];
  /** Number of frames that have a mask. */
  readonly size: number;

  /** @param first, end the rows from `first` to before `end`, each of another frame. @param size of every mask */
  constructor(columns: MaskColumns, first: number, end: number, size: Size) {
    this.#columns = columns;
    this.#first = first;
    this.#size = size;
    this.size = end - first;
  }

  /** How many frames have which status. Makes no mask. */
  get statusCounts(): StatusCounts {
    const counts = { prompted: 0, tracked: 0, stale: 0, absent: 0, interpolated: 0, detailed: 0 };
    const statuses = this.#columns.statuses.subarray(this.#first, this.#first + this.size);
    for (const status of statuses) counts[PACKED_STATUSES[status] ?? 'stale']++;
    return counts;
  }

  has(frame: number): boolean {
    return this.#rowOf(frame) !== undefined;
  }

  get(frame: number): FrameMask | undefined {
    const row = this.#rowOf(frame);
    return row === undefined ? undefined : this.#maskAt(row);
  }

  *keys(): Generator<number, undefined, undefined> {
    yield* this.#columns.frames.subarray(this.#first, this.#first + this.size);
  }

  *values(): Generator<FrameMask, undefined, undefined> {
    for (let row = 0; row < this.size; row++) yield this.#maskAt(row);
  }

  *[Symbol.iterator](): Generator<[frame: number, mask: FrameMask], undefined, undefined> {
    for (let row = 0; row < this.size; row++) yield [this.#frameAt(row), this.#maskAt(row)];
  }

  #frameAt(row: number): number {
    return this.#columns.frames[this.#first + row] ?? 0;
  }

  /** Each frame has the very same mask whenever it is asked for. */
  #maskAt(row: number): FrameMask {
    return (this.#made[row] ??= maskInRow(this.#columns, this.#first + row, this.#size));
  }

  #rowOf(frame: number): number | undefined {
    let [low, high] = [0, this.size];
    // Where no frame is missing, the first try finds it.
    let row = frame - this.#frameAt(0);
    while (low < high) {
      row = Math.min(Math.max(row, low), high - 1);
      const found = this.#frameAt(row);
      if (found === frame) return row;
      if (found < frame) low = row + 1;
      else high = row;
      row = (low + high) >> 1;
    }
    return undefined;
  }
}
