import { unzipSync } from 'fflate';
import { expect, it, vi } from 'vitest';
import { iteratePort, streamChannel } from '../../src/core/stream.ts';
import { ExportService } from './exporter.ts';

const firstFrames = (count: number) => Array.from({ length: count }, (_, frame) => frame);
const clip = { width: 640, height: 360, frameCount: 40, frames: firstFrames(40), objects: [], binary: false };

it('streams a ZIP over a port', async () => {
  const [far, near] = streamChannel<Uint8Array>();
  const post = vi.spyOn(far, 'postMessage');
  const done = new ExportService().maskZip(clip, far);
  const chunks: Uint8Array[] = [];
  for await (const chunk of iteratePort(near)) chunks.push(chunk);
  await done;
  expect(Object.keys(unzipSync(Buffer.concat(chunks)))).toHaveLength(41);
  expect(post).toHaveBeenCalledWith(expect.anything(), [expect.any(ArrayBuffer)]);
});

it('stops when the reader cancels', async () => {
  const [far, near] = streamChannel<Uint8Array>();
  const abort = new AbortController();
  const done = new ExportService().maskZip(
    { ...clip, frameCount: 1_000_000, frames: firstFrames(1_000_000) },
    far,
  );
  const chunks = iteratePort(near, abort.signal);
  await chunks.next();
  abort.abort();
  await expect(chunks.next()).rejects.toMatchObject({ code: 'aborted' });
  await expect(done).resolves.toBeUndefined();
});

it('says what is wrong with a request', async () => {
  const [far, near] = streamChannel<Uint8Array>();
  const objects = [{ objectId: 300, name: 'x', masks: new Map() }];
  void new ExportService().maskZip({ ...clip, objects }, far);
  await expect(iteratePort(near).next()).rejects.toThrow('1 to 255, not 300');
});
