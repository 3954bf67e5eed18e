import { describe, expect, it } from 'vitest';
import { imageKind } from './imageKind.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('imageKind', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
    ['GIF89a', 'image/gif'],
    ['\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf', 'image/avif'],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'image/avif'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'image/heic'],
  ])('knows %j', (header, kind) => {
    expect(imageKind(bytes(header))).toBe(kind);
  });

  it.each([
    ['\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41'],
    ['\0\0\0\x14ftypqt  \0\0\x02\0qt  ' + 'moovavif'],
    ['RIFF\x24\0\0\0WAVEfmt '],
    ['\x1aE\xdf\xa3'],
    ['PNG'],
    [''],
  ])('takes %j for no image', (header) => {
    expect(imageKind(bytes(header))).toBeUndefined();
  });
});
