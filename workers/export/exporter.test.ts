import { unzipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import type { ClipOutline, FrameMasks, MaskBatch } from '../../src/core/maskedClip.ts';
import type { ExportEvent, ExportRequest, PreviewRequest } from '../../src/core/protocol/exporter.ts';
import { encodeRle } from '../../src/core/rle.ts';
import { iteratePort, pumpToPort, streamChannel } from '../../src/core/stream.ts';
import { formatFacts } from '../../src/formats/formatFacts.ts';
import { ExportService } from './exporter.ts';

const size = { width: 64, height: 48 };
const mask = encodeRle(
  Uint8Array.from({ length: 64 * 48 }, (_, i) => ((i * 7919) % 3 === 0 ? 1 : 0)),
  size,
);

function clipOf(frameCount: number): ClipOutline {
  return {
    ...{ name: 'swan', ...size, frameCount },
    frames: Array.from({ length: frameCount }, (_, number) => ({
      number,
      name: String(number).padStart(5, '0'),
    })),
    objects: [1, 2].map((id) => ({ id, name: `Object ${id}`, category: 'bird', color: [0, 0, 0] })),
  };
}

/** Every frame has the same masks. Tells which frame was asked for last. */
function supply(frameCount: number) {
  const asked = { last: -1 };
  const passes = async function* (): AsyncGenerator<MaskBatch, void, undefined> {
    for (;;) {
      for (let at = 0; at < frameCount; at++) {
        asked.last = Math.max(asked.last, at);
        const frame: FrameMasks = { at, masks: new Map([1, 2].map((id) => [id, { mask }] as const)) };
        yield { frames: [frame], isLast: at === frameCount - 1 };
      }
    }
  };
  return { asked, passes };
}

/** Writes as the UI thread has it written. */
function start(request: Partial<ExportRequest> & Pick<ExportRequest, 'format'>, frameCount: number) {
  const [near, masks] = streamChannel<MaskBatch>();
  const [far, events] = streamChannel<ExportEvent>();
  const { asked, passes } = supply(frameCount);
  const supplied = pumpToPort(near, passes);
  const post = vi.spyOn(far, 'postMessage');
  const clip = clipOf(frameCount);
  const done = new ExportService().write(
    { options: {}, video: undefined, container: 'zip', clip, masks, ...request },
    far,
  );
  return { events, done, asked, post, supplied };
}

async function collect(events: AsyncIterable<ExportEvent>) {
  const bytes: Uint8Array[] = [];
  const frames: ExportEvent[] = [];
  const notes: string[] = [];
  const paths: string[] = [];
  for await (const event of events) {
    if (event.type === 'bytes') bytes.push(event.bytes);
    else if (event.type === 'file') paths.push(event.path);
    else if (event.type === 'frames') frames.push(event);
    else notes.push(...event.sentences);
  }
  return { bytes: Buffer.concat(bytes), frames, notes, paths };
}

describe('an export', () => {
  it('streams a ZIP, with masks from the UI thread, progress, and what was lost', async () => {
    const { events, done, post, supplied } = start({ format: 'davis' }, 40);
    const { bytes, frames, notes } = await collect(iteratePort(events));
    await done;
    expect(Object.keys(unzipSync(bytes))).toHaveLength(42);
    expect(frames.at(-1)).toEqual({ type: 'frames', done: 40, total: 40 });
    expect(notes).toEqual([expect.stringContaining(`shared ${40 * 1024} pixels on 40 frames`)]);
    expect(post).toHaveBeenCalledWith(expect.objectContaining({ type: 'item' }), [expect.any(ArrayBuffer)]);
    await supplied;
  });

  it('writes one file, and walks through the clip as often as the format needs', async () => {
    const { events } = start({ format: 'youtube-vis', container: 'file' }, 12);
    const { bytes, frames } = await collect(iteratePort(events));
    const { annotations } = JSON.parse(bytes.toString()) as { annotations: { segmentations: unknown[] }[] };
    expect(annotations.map(({ segmentations }) => segmentations.length)).toEqual([12, 12]);
    expect(frames.at(-1)).toEqual({ type: 'frames', done: 24, total: 24 });
  });

  it('tells file by file what goes to a folder', async () => {
    const { events } = start({ format: 'mots-txt', container: 'folder' }, 3);
    const { paths, bytes } = await collect(iteratePort(events));
    expect(paths).toEqual(['objects.json', 'frames.json', 'instances_txt/swan.txt']);
    expect(bytes.toString()).toMatch(/^2 3002 3 48 64 /m);
  });

  it('is never far ahead of what is read', async () => {
    const { events, asked } = start({ format: 'png', options: { binary: true } }, 2000);
    const reading = iteratePort(events);
    let bytes = 0;
    while (bytes < 200_000) {
      const { value } = await reading.next();
      if (value?.type === 'bytes') bytes += value.bytes.length;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked.last).toBeLessThan(1500);
    await reading.return();
  });

  it('stops when the reader cancels', async () => {
    const { events, done } = start({ format: 'png' }, 1_000_000);
    const abort = new AbortController();
    const reading = iteratePort(events, abort.signal);
    await reading.next();
    abort.abort();
    await expect(reading.next()).rejects.toMatchObject({ code: 'aborted' });
    await expect(done).resolves.toBeUndefined();
  });

  it.each([
    ['a format that there is not', { format: 'gif' }, 'There is no format gif'],
    ['a cut-out without a video', { format: 'cutout' }, 'needs the pictures of the frames'],
  ])('says what is wrong with %s', async (_, request, message) => {
    const { events } = start(request, 2);
    await expect(collect(iteratePort(events))).rejects.toThrow(message);
  });
});

describe('the preview of an export', () => {
  const request = (frameCount: number, format: string): PreviewRequest => ({
    ...{ format, options: {}, video: undefined, clip: clipOf(frameCount) },
    sample: [0, 1, 2, 3, 50, 99].map((at) => ({ at, masks: new Map([[1, { mask }]]) })),
  });

  it('has the first files and a size that is near the true one', async () => {
    for (const format of ['png', 'davis', 'coco', 'labelme'] as const) {
      const preview = await new ExportService().preview(request(100, format));
      expect(preview.paths[0]).toBe(
        { png: 'objects.json', davis: 'objects.json', coco: 'swan.json', labelme: 'swan/00000.json' }[format],
      );
      const container = formatFacts(format).ending === undefined ? 'zip' : 'file';
      const { events } = start({ format, container, clip: { ...clipOf(100) } }, 100);
      const { bytes } = await collect(iteratePort(events));
      if (container === 'zip')
        expect(preview.paths).toEqual(Object.keys(unzipSync(bytes)).slice(0, preview.paths.length));
      // Twice the masks of the sample are written here; what matters is the order of magnitude.
      expect(preview.bytes / bytes.length).toBeGreaterThan(0.4);
      expect(preview.bytes / bytes.length).toBeLessThan(1.3);
    }
  });
});
