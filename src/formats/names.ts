import type { MaskedClip } from '../core/maskedClip.ts';

/** In characters; with the longest UTF-8 and a number it stays below the 255 bytes that file systems allow. */
const MAX_NAME = 60;

/** Names that Windows keeps for devices, with any ending. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A name as part of a path on any system: letters, digits, `-`, `_` and spaces, in any script; everything else, path
 * separators and dots first of all, becomes `-`. A name that Windows keeps for a device gets a `_`.
 *
 * @param fallback where nothing of the name is left
 */
export function safeName(name: string, fallback = 'object'): string {
  const safe = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_ -]+/gu, '-');
  const short = Array.from(safe.replace(/^[- ]+/, ''))
    .slice(0, MAX_NAME)
    .join('')
    .replace(/[- ]+$/, '');
  if (short === '') return fallback;
  return DEVICES.test(short) ? `${short}_` : short;
}

/**
 * Safe names that differ from each other, in the order given: a name that is taken, whatever its case, gets a number. Systems
 * that do not tell upper from lower case keep them apart too.
 */
export function uniqueNames(names: readonly string[], fallback = 'object'): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const safe = safeName(name, fallback);
    let unique = safe;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${safe}-${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** The name of a frame by its number: five digits, as DAVIS has them, or more for a longer clip, so that names sort. */
export function frameName(number: number, frameCount: number): string {
  return String(number).padStart(Math.max(5, String(frameCount - 1).length), '0');
}

/**
 * The name of a frame's files, without an ending: the frame's own name as every system allows it. It keeps dots and whatever
 * else it may, so that masks are called as the frames that they belong to.
 */
export function frameStem({ frames }: Pick<MaskedClip, 'frames'>, at: number): string {
  // Control characters are not allowed, and those that change the direction of a text hide what it says.
  const safe = (frames[at]?.name ?? '').normalize('NFC').replace(/[<>:"/\\|?*\p{C}]+/gu, '-');
  const name = safe.replace(/^[. ]+|[. ]+$/g, '');
  if (name === '') return String(at);
  return DEVICES.test(name.replace(/\..*$/, '')) ? `_${name}` : name;
}
