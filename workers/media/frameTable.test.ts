import { describe, expect, it } from 'vitest';
import { buildFrameTable, type PacketTiming } from './frameTable.ts';

/** Packets in decode order from their time stamps in frames of 0.1 s; key packets are marked `K`. */
function packets(...order: string[]): PacketTiming[] {
  return order.map((entry) => {
    const timestamp = Number(entry.replace('K', '')) / 10;
    return {
      timestamp,
      duration: 0.1,
      microsecondTimestamp: Math.round(timestamp * 1e6),
      isKey: entry.startsWith('K'),
    };
  });
}

const tenths = (times: Float64Array) => Array.from(times, (time) => Math.round(time * 10));

describe('buildFrameTable', () => {
  it('sorts B-frames into the order in which they are shown', () => {
    const table = buildFrameTable(packets('K0', '3', '1', '2'));
    expect(tenths(table.timestamps)).toEqual([0, 1, 2, 3]);
    expect([...table.microseconds]).toEqual([0, 100_000, 200_000, 300_000]);
    expect(table.reorders).toBe(true);
    expect(table.duration).toBeCloseTo(0.4);
  });

  it('keeps a variable frame rate and counts time from the first frame', () => {
    const table = buildFrameTable(packets('K5', '6', '9', '10'));
    expect(tenths(table.timestamps)).toEqual([0, 1, 4, 5]);
    expect([...table.microseconds]).toEqual([500_000, 600_000, 900_000, 1_000_000]);
    expect(table.reorders).toBe(false);
  });

  it('leaves out what an edit list cut away, but decodes from there', () => {
    const table = buildFrameTable(packets('K-3', '-2', '-1', '0', '1'));
    expect(tenths(table.timestamps)).toEqual([0, 1]);
    expect(tenths(table.decodeFrom)).toEqual([-3, -3]);
    expect([...table.groupStart]).toEqual([0, 0]);
  });

  it('keeps the frame that an edit list cuts in the middle: it is what a player shows first', () => {
    const table = buildFrameTable(packets('K-1.5', '-0.5', '0.5'));
    expect(table.frameCount).toBe(2);
    expect([...table.microseconds]).toEqual([-50_000, 50_000]);
  });

  it('starts at the last key frame', () => {
    const table = buildFrameTable(packets('K0', '1', 'K2', '3', 'K4'));
    expect(tenths(table.decodeFrom)).toEqual([0, 0, 2, 2, 4]);
    expect([...table.groupStart]).toEqual([0, 0, 2, 2, 4]);
  });

  it('starts one key frame earlier where pictures stored after a key frame are shown before it', () => {
    const table = buildFrameTable(packets('K0', '1', 'K4', '2', '3', '5', 'K6'));
    expect(tenths(table.timestamps)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(tenths(table.decodeFrom)).toEqual([0, 0, 0, 0, 0, 0, 6]);
  });

  it('leaves out frames that no key frame leads to', () => {
    expect(tenths(buildFrameTable(packets('0', '1', 'K4', '3', '5')).timestamps)).toEqual([0, 1]);
    expect(buildFrameTable(packets('0', '1')).frameCount).toBe(0);
    expect(buildFrameTable([]).frameCount).toBe(0);
  });

  it('gives a last frame without a duration the average one', () => {
    const [first, second, third] = packets('K0', '1', '2');
    const table = buildFrameTable([first!, second!, { ...third!, duration: 0 }]);
    expect(table.duration).toBeCloseTo(0.3);
  });
});
