import type { ClipInfo } from './clip.ts';
import type { Fingerprint } from './protocol/project.ts';
import { sha256 } from './sha256.ts';

/** Bytes at each end of a file that are hashed. */
const END = 1 << 20;

/** What is read of a file to know it again: a `Blob`, or what reads as one does. */
export interface Fingerprinted {
  readonly size: number;
  slice(start: number, end?: number): Fingerprinted;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** By what a file is known again. Reads its ends only. */
export async function fingerprintOf(file: Fingerprinted): Promise<Fingerprint> {
  const [head, tail] = await Promise.all([hash(file.slice(0, END)), hash(file.slice(-END))]);
  return { bytes: file.size, head, tail };
}

async function hash(part: Fingerprinted): Promise<string> {
  return sha256(await part.arrayBuffer());
}

/** What is known of a video: its fingerprint, if it was taken, and its frames. */
export interface KnownVideo {
  readonly fingerprint: Fingerprint | null;
  readonly clip: ClipInfo;
}

/** In what two videos differ, as phrases such as `it has 24 frames, not 300`; empty if they are the same. */
export function videoDifferences(wanted: KnownVideo, given: KnownVideo): string[] {
  const differences: string[] = [];
  const compare = (is: number, was: number, say: (value: number) => string) => {
    if (is !== was) differences.push(`${say(is)}, not ${say(was).replace(/^\D+/, '')}`);
  };
  compare(given.clip.frameCount, wanted.clip.frameCount, (count) => `it has ${count} frames`);
  compare(given.clip.width, wanted.clip.width, (width) => `it is ${width} pixels wide`);
  compare(given.clip.height, wanted.clip.height, (height) => `it is ${height} pixels high`);
  if (Math.abs(given.clip.duration - wanted.clip.duration) > 0.001)
    compare(given.clip.duration, wanted.clip.duration, (time) => `it lasts ${time.toFixed(2)} s`);
  const [a, b] = [given.fingerprint, wanted.fingerprint];
  if (a === null || b === null) return differences;
  compare(a.bytes, b.bytes, (bytes) => `it has ${bytes} bytes`);
  if (a.bytes === b.bytes && a.head !== b.head) differences.push('its beginning is different');
  if (a.bytes === b.bytes && a.tail !== b.tail) differences.push('its end is different');
  return differences;
}
