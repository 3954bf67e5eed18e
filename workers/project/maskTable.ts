import type { Provenance } from '../../src/core/provenance.ts';
import type { ObjectMasks } from '../../src/core/protocol/savedHistory.ts';
import type { RowReader } from './database.ts';

type Numbers = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** Room for at least `length` values, with those that are there. */
function grown<Column extends Numbers>(column: Column, length: number): Column {
  if (length <= column.length) return column;
  const larger = new (column.constructor as new (length: number) => Column)(
    Math.max(length, 2 * column.length),
  );
  larger.set(column);
  return larger;
}

/** Collects masks as columns, of one object after the other. It grows with what is read, whatever a file says of itself. */
export class MaskTable {
  readonly #provenanceOf: ReadonlyMap<number, Provenance>;
  #rows = 0;
  #used = 0;
  #frames = new Uint32Array(256);
  #firsts = new Int32Array(256);
  #lasts = new Int32Array(256);
  #statuses = new Uint8Array(256);
  #scores = new Float64Array(256);
  #origins = new Int32Array(256);
  #agreements = new Float64Array(256);
  #provenances = new Uint32Array(256);
  #ends = new Uint32Array(256);
  #runs = new Uint8Array(1 << 16);
  #more = new Map<number, string>();

  /** @param provenanceOf where masks come from, by number */
  constructor(provenanceOf: ReadonlyMap<number, Provenance>) {
    this.#provenanceOf = provenanceOf;
  }

  /** @param row of frame, first, last, number of the status, score, origin, agreement, more, rle, provenance; -1, 0 or an empty text where there is none */
  add(row: RowReader): void {
    const at = this.#rows++;
    if (at === this.#frames.length) this.#grow(at + 1);
    this.#frames[at] = row.integer(0);
    this.#firsts[at] = row.integer(1);
    this.#lasts[at] = row.integer(2);
    this.#statuses[at] = row.integer(3);
    this.#scores[at] = row.real(4);
    this.#origins[at] = row.integer(5);
    this.#agreements[at] = row.real(6);
    const more = row.text(7);
    if (more !== '') this.#more.set(at, more);
    const bytes = row.bytes(8);
    this.#runs = grown(this.#runs, this.#used + bytes.length);
    this.#runs.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#ends[at] = this.#used;
    this.#provenances[at] = row.integer(9);
  }

  /** Gives what was collected, and begins anew. */
  take(): Omit<ObjectMasks, 'object'> {
    const rows = this.#rows;
    const taken = {
      firsts: this.#firsts.slice(0, rows),
      lasts: this.#lasts.slice(0, rows),
      columns: {
        frames: this.#frames.slice(0, rows),
        statuses: this.#statuses.slice(0, rows),
        scores: this.#scores.slice(0, rows),
        origins: this.#origins.slice(0, rows),
        agreements: this.#agreements.slice(0, rows),
        provenances: this.#provenances.slice(0, rows),
        provenanceOf: this.#provenanceOf,
        ends: this.#ends.slice(0, rows),
        runs: this.#runs.slice(0, this.#used),
        more: this.#more,
      },
    };
    this.#rows = 0;
    this.#used = 0;
    this.#more = new Map();
    return taken;
  }

  #grow(rows: number): void {
    this.#frames = grown(this.#frames, rows);
    this.#firsts = grown(this.#firsts, rows);
    this.#lasts = grown(this.#lasts, rows);
    this.#statuses = grown(this.#statuses, rows);
    this.#scores = grown(this.#scores, rows);
    this.#origins = grown(this.#origins, rows);
    this.#agreements = grown(this.#agreements, rows);
    this.#provenances = grown(this.#provenances, rows);
    this.#ends = grown(this.#ends, rows);
  }
}
