/**
 * What was done: `page`, something opened or written; `command`, a command by a key, a button or the palette; `step`, a step of the
 * history; `run`, a run through the clip; `seek`, the playhead put elsewhere.
 */
export type LogKind = 'page' | 'command' | 'step' | 'run' | 'seek';

/** One thing that a person did, or that came of it. */
export interface LogEntry {
  /** When, in milliseconds since 1970. No two entries of a project have the same. */
  readonly at: number;
  readonly kind: LogKind;
  readonly what: string;
  /** How it went, or what is known of it besides; `null` if nothing. */
  readonly detail: string | null;
  /** Where the playhead was; `null` where no clip was open. */
  readonly frame: number | null;
  /** The number of the object that it was about; `null` for none or several. */
  readonly object: number | null;
  /** How often it was done in a row, within a second each. */
  readonly count: number;
  /** For how long the person was at work since the entry before, in milliseconds: times without any input are left out. */
  readonly active: number;
}

/** The same thing done again within this time is one entry, in milliseconds. */
const IN_A_ROW = 1000;

/** What a held key or a drag does again and again. */
const REPEATED: readonly LogKind[] = ['command', 'seek'];

/** Entries with one more: where a command or a seek repeats the last entry, that one is counted up. */
export function withLogEntry(entries: readonly LogEntry[], next: LogEntry): readonly LogEntry[] {
  const last = entries.at(-1);
  const isSame =
    last &&
    REPEATED.includes(next.kind) &&
    last.kind === next.kind &&
    last.what === next.what &&
    last.object === next.object;
  if (!isSame || last.detail !== next.detail || next.at - last.at > IN_A_ROW * last.count)
    return [...entries, next];
  const again = { ...last, frame: next.frame, count: last.count + 1, active: last.active + next.active };
  return [...entries.slice(0, -1), again];
}

/** What a log comes to. */
export interface LogSummary {
  /** Time at work, in milliseconds. */
  readonly active: number;
  /** Points, boxes and strokes that were given. */
  readonly clicks: number;
  readonly boxes: number;
  readonly strokes: number;
  /** Runs through the clip that were begun. */
  readonly runs: number;
}

const CLICKS = ['add point', 'add take-away point'];
const STROKES = ['paint', 'erase'];

/** How long was worked, and what was done in that time. */
export function summarizeLog(entries: readonly LogEntry[]): LogSummary {
  const steps = (labels: readonly string[]) =>
    entries.reduce(
      (sum, { kind, what, count }) => sum + (kind === 'step' && labels.includes(what) ? count : 0),
      0,
    );
  return {
    active: entries.reduce((sum, { active }) => sum + active, 0),
    clicks: steps(CLICKS),
    boxes: steps(['draw box']),
    strokes: steps(STROKES),
    runs: entries.filter(({ kind, detail }) => kind === 'run' && detail === RUN_BEGINS).length,
  };
}

/** What is said of a run when it begins. */
export const RUN_BEGINS = 'begins';
/** What is said of a clip that comes onto the page: a sitting begins. */
export const OPENED = 'open';

/** The columns of an exported log. */
const COLUMNS = [
  ...(['time', 'kind', 'what', 'detail', 'frame', 'object', 'count', 'active_s', 'idle_s'] as const),
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

/** The rows of an exported log. Idle is what of the time since the entry before was no work, within a sitting. */
function logRows(entries: readonly LogEntry[]): Row[] {
  return entries.map(({ at, kind, what, detail, frame, object, count, active }, i) => {
    const before = entries[i - 1];
    const isFirst = before === undefined || (kind === 'page' && what === OPENED);
    const idle = isFirst ? 0 : Math.max(0, at - before.at - active);
    return {
      time: new Date(at).toISOString(),
      ...{ kind, what, detail, frame, object, count },
      ...{ active_s: active / 1000, idle_s: idle / 1000 },
    };
  });
}

/** A log as a table with a head, its fields separated by commas (RFC 4180). */
export function logToCsv(entries: readonly LogEntry[]): string {
  const field = (value: string | number | null) => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = logRows(entries).map((row) => COLUMNS.map((column) => field(row[column])));
  return [[...COLUMNS], ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

/** A log as JSON: what it comes to, and its entries. */
export function logToJson(entries: readonly LogEntry[]): string {
  const { active, ...summary } = summarizeLog(entries);
  const whole = { version: 1, summary: { active_s: active / 1000, ...summary }, entries: logRows(entries) };
  return `${JSON.stringify(whole, null, 1)}\n`;
}
