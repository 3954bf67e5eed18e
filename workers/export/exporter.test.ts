import { unzipSync } from 'fflate';
import { expect, it, vi } from 'vitest';
import { iteratePort } from '../../src/core/stream.ts';
import { ExportService } from './exporter.ts';

const clip = { width: 640, height: 360, frameCount: 40, objects: [], binary: false };

it('streams a ZIP over a port', async () => {
  const { port1, port2 } = new MessageChannel();
  const post = vi.spyOn(port1, 'postMessage');
  const done = new ExportService().maskZip(clip, port1);
  const chunks: Uint8Array[] = [];
  for await (const chunk of iteratePort<Uint8Array>(port2)) chunks.push(chunk);
  await done;
  expect(Object.keys(unzipSync(Buffer.concat(chunks)))).toHaveLength(41);
  expect(post).toHaveBeenCalledWith(expect.anything(), [expect.any(ArrayBuffer)]);
});

it('stops when the reader cancels', async () => {
  const { port1, port2 } = new MessageChannel();
  const abort = new AbortController();
  const done = new ExportService().maskZip({ ...clip, frameCount: 1_000_000 }, port1);
  const chunks = iteratePort<Uint8Array>(port2, abort.signal);
  await chunks.next();
  abort.abort();
  await expect(chunks.next()).rejects.toMatchObject({ code: 'aborted' });
  await expect(done).resolves.toBeUndefined();
});

it('says what is wrong with a request', async () => {
  const { port1, port2 } = new MessageChannel();
  const objects = [{ objectId: 300, name: 'x', masks: new Map() }];
  void new ExportService().maskZip({ ...clip, objects }, port1);
  await expect(iteratePort(port2).next()).rejects.toThrow('1 to 255, not 300');
});
