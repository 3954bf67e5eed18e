import { createHash } from 'node:crypto';

/** The SHA-256 of a file’s content, in hexadecimal digits, as manifests have it. */
export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
