import { getFirstEncodableVideoCodec, QUALITY_HIGH, type VideoCodec } from 'mediabunny';
import type { Size } from '../../../src/core/geometry.ts';
import type { Look } from '../../../src/core/looks.ts';
import type { VideoKind } from '../../../src/core/protocol/video.ts';

/** For a person. */
const CODEC_NAMES: Partial<Record<VideoCodec, string>> = {
  avc: 'H.264',
  av1: 'AV1',
  vp9: 'VP9',
  vp8: 'VP8',
};

/** How a video in a look is written: the first codec that the browser encodes. */
export interface Encoding extends VideoKind {
  readonly id: VideoCodec;
  /** Whether the file keeps what is transparent. */
  readonly alpha: boolean;
}

/**
 * How a video of frames of this size can be written here; nothing if this browser encodes none. A cut-out is a WebM with
 * transparency, every other look an MP4.
 *
 * @param size of the clip's frames, in pixels
 */
export async function findEncoding(look: Look, size: Size): Promise<Encoding | undefined> {
  const alpha = look === 'cutout';
  const written = { width: look === 'split' ? 2 * size.width : size.width, height: size.height };
  // H.264 halves its colours, so it has no odd sizes.
  const isOdd = written.width % 2 === 1 || written.height % 2 === 1;
  const codecs: VideoCodec[] = alpha ? ['vp9', 'vp8'] : isOdd ? ['av1', 'vp9'] : ['avc', 'av1', 'vp9'];
  const id = await getFirstEncodableVideoCodec(codecs, { ...written, quality: QUALITY_HIGH });
  if (id === null) return undefined;
  const codec = CODEC_NAMES[id] ?? id;
  return alpha
    ? { id, alpha, codec, ending: '.webm', mimeType: 'video/webm' }
    : { id, alpha, codec, ending: '.mp4', mimeType: 'video/mp4' };
}
