import { describe, expect, it } from 'vitest';
import { logToCsv, logToJson, summarizeLog, withLogEntry, type LogEntry } from './workLog.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const entry = (seconds: number, more: Partial<LogEntry> = {}): LogEntry => ({
  ...{ at: START + 1000 * seconds, kind: 'step', what: 'add point', detail: null },
  ...{ frame: 3, object: 1, count: 1, active: 0 },
  ...more,
});

const LOG = [
  entry(0, { kind: 'page', what: 'open', object: null, active: 500 }),
  entry(10, { active: 4000 }),
  entry(12, { what: 'draw box', active: 2000, frame: 4 }),
  entry(20, { kind: 'run', what: 'track', detail: 'begins' }),
  entry(95, { kind: 'run', what: 'track', detail: 'done; 7 frames', active: 5000 }),
  entry(3600, { kind: 'page', what: 'open', object: null }),
  entry(3601, { what: 'add take-away point', count: 2, active: 1000, detail: 'say "a", b' }),
];

describe('a log', () => {
  it('counts a held key or a drag as one entry, and each click as its own', () => {
    const seek = (seconds: number, frame: number) =>
      entry(seconds, { kind: 'seek', what: 'frame', frame, active: 100 });
    const log = [seek(0, 1), seek(0.2, 2), seek(0.4, 3), entry(0.5), entry(0.55), seek(0.6, 4), seek(9, 5)];
    const kept = log.reduce<readonly LogEntry[]>(withLogEntry, []);
    expect(kept.map(({ kind, frame, count, active }) => [kind, frame, count, active])).toEqual([
      ['seek', 3, 3, 300],
      ['step', 3, 1, 0],
      ['step', 3, 1, 0],
      ['seek', 4, 1, 100],
      ['seek', 5, 1, 100],
    ]);
    expect(kept[0]!.at).toBe(START);
  });

  it('is summed up', () => {
    expect(summarizeLog(LOG)).toEqual({ active: 12_500, clicks: 3, boxes: 1, strokes: 0, runs: 1 });
  });

  it('becomes a table in which time at work and idle time are told apart, sitting by sitting', () => {
    const lines = logToCsv(LOG).split('\r\n');
    expect(lines).toHaveLength(LOG.length + 2);
    expect(lines[0]).toBe('time,kind,what,detail,frame,object,count,active_s,idle_s');
    expect(lines[1]).toBe('2026-01-02T03:04:05.000Z,page,open,,3,,1,0.5,0');
    expect(lines[2]).toBe('2026-01-02T03:04:15.000Z,step,add point,,3,1,1,4,6');
    expect(lines[6]).toMatch(/,page,open,,3,,1,0,0$/);
    expect(lines[7]).toContain(',add take-away point,"say ""a"", b",3,1,2,1,0');
  });

  it('becomes JSON with the same rows', () => {
    const { summary, entries } = JSON.parse(logToJson(LOG)) as { summary: object; entries: object[] };
    expect(summary).toEqual({ active_s: 12.5, clicks: 3, boxes: 1, strokes: 0, runs: 1 });
    expect(entries[2]).toMatchObject({ what: 'draw box', frame: 4, active_s: 2, idle_s: 0 });
  });
});
