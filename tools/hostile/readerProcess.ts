/** Reads files that come from the process that started this one, and says how each ended. */
import { MaskletError } from '../../src/core/errors.ts';
import { PromptFileError } from '../../src/core/promptFile.ts';
import { READERS } from './readers.ts';

// What a browser has and Node has not: a decoder that says it can decode, and one for pictures that cannot.
Object.assign(globalThis, {
  VideoDecoder: { isConfigSupported: () => Promise.resolve({ supported: true }) },
  createImageBitmap: () => Promise.reject(new DOMException('No picture.', 'InvalidStateError')),
});
// Readers warn of what they leave out.
console.warn = () => undefined;

process.on('message', ({ reader, bytes }: { reader: string; bytes: Uint8Array<ArrayBuffer> }) => {
  void read(reader, Buffer.from(bytes)).then(
    () => process.send?.('read'),
    (thrown: unknown) => process.send?.(verdict(thrown)),
  );
});

async function read(reader: string, bytes: Buffer<ArrayBuffer>): Promise<void> {
  await READERS[reader]?.read(bytes);
}

/** `refused` for an error with a sentence for a person; anything else is a fault of the reader. */
function verdict(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `threw ${String(thrown)}`;
  // The project's worker says of these that the project is damaged (workers/project/projectService.ts).
  if (thrown.name === 'SQLite3Error') return 'refused';
  const isTyped =
    thrown instanceof PromptFileError || (thrown instanceof MaskletError && thrown.code !== 'unknown');
  return isTyped && /[.!?]$/.test(thrown.message) ? 'refused' : (thrown.stack ?? thrown.message);
}
