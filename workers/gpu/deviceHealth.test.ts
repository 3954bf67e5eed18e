import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeviceHealth } from './deviceHealth.ts';

/** As browsers have it; Node does not. */
class OutOfMemoryError {
  readonly message = 'none is left';
}

beforeAll(() => {
  vi.stubGlobal('GPUOutOfMemoryError', OutOfMemoryError);
});
afterAll(() => void vi.unstubAllGlobals());

function device() {
  const events = new EventTarget();
  let lose: (info: { message: string }) => void = () => undefined;
  const lost = new Promise((resolve) => (lose = resolve));
  const health = new DeviceHealth(Object.assign(events, { lost }) as unknown as GPUDevice);
  const report = (error: object) =>
    events.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }));
  return { health, lose, report };
}

describe('what is read back of a device', () => {
  it('is given while the device is well', async () => {
    expect(await device().health.guard(Promise.resolve(7))).toBe(7);
  });

  it('is held back after an error, which is the first that was reported', async () => {
    const { health, report } = device();
    const reading = health.guard(new Promise((resolve) => setTimeout(resolve, 0, 7)));
    report(new OutOfMemoryError());
    report({ message: '[Invalid Buffer] is invalid.' });
    await expect(reading).rejects.toMatchObject({ code: 'gpu-memory' });
    await expect(health.guard(Promise.resolve(7))).rejects.toBe(health.failure);
    expect(health.failed.reason).toBe(health.failure);
  });

  it('fails as of a lost device where reading is broken off before the loss is told', async () => {
    const { health } = device();
    const reading = health.guard(Promise.reject(new DOMException('Buffer was unmapped.', 'AbortError')));
    await expect(reading).rejects.toMatchObject({ code: 'gpu-lost' });
  });
});

it.each([
  ['gpu-failed', ({ report }: ReturnType<typeof device>) => report({ message: 'A kernel is not valid.' })],
  ['gpu-lost', ({ lose }: ReturnType<typeof device>) => lose({ message: 'The driver was reset.' })],
])('tells of %s', async (code, strike) => {
  const given = device();
  strike(given);
  await vi.waitFor(() => expect(given.health.failure).toMatchObject({ code }));
});

it('tells of nothing that is done on purpose', async () => {
  const { health, lose } = device();
  health.stop();
  lose({ message: 'Device was destroyed.' });
  await Promise.resolve();
  expect(health.failure).toBeUndefined();
});
