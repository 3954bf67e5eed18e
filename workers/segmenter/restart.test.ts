import { describe, expect, it } from 'vitest';
import type { GpuFailureCode } from '../gpu/gpuFailure.ts';
import { MAX_RESTARTS } from '../../src/core/limits.ts';
import { describeRestart, FIRST_START, planRestart, type StartPlan } from './restart.ts';

function plansAfter(...codes: GpuFailureCode[]): StartPlan[] {
  let plan = FIRST_START;
  return codes.map((code) => (plan = planRestart(plan, code)));
}

describe('a model whose GPU has failed', () => {
  it('is started on a new device as it was, a stated number of times, then on the CPU', () => {
    const plans = plansAfter(...Array.from({ length: MAX_RESTARTS + 1 }, () => 'gpu-lost' as const));
    expect(plans.map(({ gpu }) => gpu)).toEqual([true, true, true, false]);
    expect(plans.every(({ thrift }) => thrift === 'none')).toBe(true);
  });

  it('takes less memory each time that it was used up: features, objects in a step, then the CPU', () => {
    const plans = plansAfter('gpu-memory', 'gpu-memory', 'gpu-memory');
    expect(plans.map(({ gpu, thrift }) => [gpu, thrift])).toEqual([
      [true, 'features'],
      [true, 'objects'],
      [false, 'objects'],
    ]);
  });

  it('stays thrifty after other failures', () => {
    expect(plansAfter('gpu-memory', 'gpu-failed').at(-1)).toMatchObject({ gpu: true, thrift: 'features' });
  });

  it('may fail as often again once it has done something useful', () => {
    const worn = plansAfter('gpu-lost', 'gpu-lost', 'gpu-lost').at(-1)!;
    expect(planRestart(worn, 'gpu-lost').gpu).toBe(false);
    expect(planRestart({ ...worn, failures: 0 }, 'gpu-lost').gpu).toBe(true);
  });
});

it('says what happened, what goes on, and that the work is kept', () => {
  expect(describeRestart('gpu-failed', true)).toBe(
    'The graphics card made an error and has been started again. Your work is kept.',
  );
  expect(describeRestart('gpu-memory', true)).toBe(
    'The memory of the graphics card was used up, so the model was started again and takes less of it. Your work is kept.',
  );
  expect(describeRestart('gpu-lost', false)).toBe(
    'The graphics card was lost. The processor goes on, more slowly. Your work is kept.',
  );
});
