import { makeZip } from 'client-zip';
import { throwIfAborted } from '../../src/core/errors.ts';
import { checkMaskSize, checkObjectId, composeIdMap } from '../../src/core/idMap.ts';
import { DAVIS_PALETTE } from '../../src/core/palette.ts';
import { encodeGrayPng, encodeIndexedPng } from '../../src/core/png.ts';
import type { ExportObject, MaskZipRequest } from '../../src/core/protocol/exporter.ts';
import { paintRle, type MaskRle } from '../../src/core/rle.ts';
import { entryNames } from './entryNames.ts';

interface ZipEntry {
  readonly name: string;
  readonly input: Uint8Array | string;
  readonly lastModified: Date;
}

/** Size of the chunks that are yielded; the last one is smaller. */
const CHUNK_BYTES = 1 << 16;

/** What DAVIS annotations have for object in a mask of one object. */
const WHITE = 255;

/**
 * The bytes of a ZIP of PNG masks: `objects.json`, an ID map for each frame asked for, and, where wanted, a black and
 * white mask for each object and frame. Each picture is made when its bytes are asked for and dropped when they are
 * handed over, so a long clip takes no more memory than a short one. Whoever receives a chunk owns it.
 * @throws RangeError if ids are not unique or not 1 to 255, a frame is not the clip's, or a mask is not of its size; `aborted` when the
 * signal fires.
 */
export async function* maskZip(
  request: MaskZipRequest,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  checkRequest(request);
  const reader = makeZip(zipEntries(request, signal)).getReader();
  // Bytes are copied into chunks of our own, because makeZip computes a checksum from its bytes after it has yielded
  // them: the receiver may not take those away by transferring them.
  let chunk = new Uint8Array(CHUNK_BYTES);
  let used = 0;
  try {
    for (;;) {
      throwIfAborted(signal);
      const { done, value } = await reader.read();
      if (done) break;
      for (let rest = value; rest.length > 0;) {
        const part = rest.subarray(0, CHUNK_BYTES - used);
        chunk.set(part, used);
        used += part.length;
        rest = rest.subarray(part.length);
        if (used === CHUNK_BYTES) {
          yield chunk;
          chunk = new Uint8Array(CHUNK_BYTES);
          used = 0;
        }
      }
    }
    if (used > 0) yield chunk.slice(0, used);
  } finally {
    // Ends zipEntries by throwing into it, and then rejects with what was thrown: nothing that the caller wants to know.
    await reader.cancel().catch(() => undefined);
  }
}

function checkRequest({ objects, frames, ...size }: MaskZipRequest): void {
  const stray = frames.find((frame) => frame < 0 || frame >= size.frameCount);
  if (stray !== undefined) throw new RangeError(`The clip has no frame ${stray}.`);
  const ids = new Set<number>();
  for (const { objectId, masks } of objects) {
    checkObjectId(objectId);
    if (ids.has(objectId)) throw new RangeError(`Two objects have the id ${objectId}.`);
    ids.add(objectId);
    for (const mask of masks.values()) checkMaskSize(mask, size);
  }
}

async function* zipEntries(
  request: MaskZipRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<ZipEntry, void, undefined> {
  const { objects, frameCount, frames, binary } = request;
  const names = entryNames(frameCount);
  const lastModified = new Date();
  yield { name: 'objects.json', input: describe(request), lastModified };

  let blankIdMap: Uint8Array | undefined;
  let blankMask: Uint8Array | undefined;
  for (const frame of frames) {
    throwIfAborted(signal);
    const shown = objects.map(({ objectId, masks }) => ({ objectId, mask: masks.get(frame) }));
    const idMap = shown.some(({ mask }) => mask !== undefined)
      ? await encodeIndexedPng(composeIdMap(request, shown), request, DAVIS_PALETTE)
      : (blankIdMap ??= await encodeIndexedPng(composeIdMap(request, []), request, DAVIS_PALETTE));
    yield { name: names.idMap(frame), input: idMap, lastModified };
    if (!binary) continue;
    for (const object of objects) {
      throwIfAborted(signal);
      const mask = object.masks.get(frame);
      const input = mask
        ? await blackAndWhite(request, mask)
        : (blankMask ??= await blackAndWhite(request, undefined));
      yield { name: names.binary(object, frame), input, lastModified };
    }
  }
}

function blackAndWhite({ width, height }: MaskZipRequest, mask: MaskRle | undefined): Promise<Uint8Array> {
  const pixels = new Uint8Array(width * height);
  if (mask) paintRle(mask, pixels, WHITE);
  return encodeGrayPng(pixels, { width, height });
}

/** `objects.json`: what the values in the ID maps mean. */
function describe({ width, height, frameCount, frames, objects, binary }: MaskZipRequest): string {
  const names = entryNames(frameCount);
  const about = {
    width,
    height,
    frameCount,
    frames,
    background: 0,
    overlap: 'Where objects overlap, the one listed later has the pixel.',
    objects: objects.map((object: ExportObject) => ({
      id: object.objectId,
      name: object.name,
      color: Array.from(DAVIS_PALETTE.subarray(object.objectId * 3, object.objectId * 3 + 3)),
      ...(binary && { folder: names.folder(object) }),
      ...(object.reviewed && { reviewed: object.reviewed.map(({ first, last }) => [first, last]) }),
    })),
  };
  return `${JSON.stringify(about, undefined, 2)}\n`;
}
