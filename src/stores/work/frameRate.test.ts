import { describe, expect, it } from 'vitest';
import { FrameRate } from './frameRate.ts';
import { MAX_RESTARTS } from '../../core/limits.ts';
import { RestartGuard } from '../workers/restarts.ts';

describe('FrameRate', () => {
  it('is not known before a frame is done', () => {
    const rate = new FrameRate();
    rate.add(0);
    expect(rate.framesPerSecond).toBeUndefined();
    expect(rate.secondsFor(10)).toBeUndefined();
  });

  it('says how fast it goes and how long it will take', () => {
    const rate = new FrameRate();
    for (const time of [0, 500, 1000]) rate.add(time);
    expect(rate.framesPerSecond).toBe(2);
    expect(rate.secondsFor(10)).toBe(5);
  });

  it('forgets a slow start', () => {
    const rate = new FrameRate();
    rate.add(0);
    for (let i = 0; i < 40; i++) rate.add(60_000 + i * 100);
    expect(rate.framesPerSecond).toBeCloseTo(10);
  });
});

describe('RestartGuard', () => {
  it('stops restarting a worker that dies again and again', () => {
    const guard = new RestartGuard();
    for (let i = 0; i < MAX_RESTARTS; i++) expect(guard.mayRestart()).toBe(true);
    expect(guard.mayRestart()).toBe(false);
  });

  it('counts anew after the worker did something useful', () => {
    const guard = new RestartGuard();
    for (let i = 0; i < MAX_RESTARTS; i++) guard.mayRestart();
    guard.succeeded();
    expect(guard.mayRestart()).toBe(true);
  });
});
