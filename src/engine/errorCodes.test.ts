import * as Comlink from 'comlink';
import { afterEach, expect, it } from 'vitest';
import { carryErrorCodes, MaskletError } from '../core/errors.ts';

carryErrorCodes(Comlink.transferHandlers);

const { port1, port2 } = new MessageChannel();
afterEach(() => port1.close());

it('crosses Comlink with its code and message', async () => {
  Comlink.expose(
    {
      open() {
        throw new MaskletError('file-empty', 'swan.mp4 is empty.');
      },
    },
    port1,
  );
  const remote = Comlink.wrap<{ open(): void }>(port2);
  const error: unknown = await remote.open().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MaskletError);
  expect(error).toMatchObject({ code: 'file-empty', message: 'swan.mp4 is empty.' });
});
