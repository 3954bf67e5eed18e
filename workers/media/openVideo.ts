import {
  ADTS,
  BlobSource,
  EncodedPacketSink,
  FLAC,
  Input,
  MATROSKA,
  MatroskaInputFormat,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  UnsupportedInputFormatError,
  WAVE,
  WEBM,
  type EncodedPacket,
  type InputVideoTrack,
} from 'mediabunny';
import { MaskletError } from '../../src/core/errors.ts';
import type { ClipInfo } from '../../src/core/clip.ts';
import type { Clip } from './clip.ts';
import {
  checkFrameSize,
  damagedFile,
  noFrames,
  notMedia,
  noVideoTrack,
  tooManyFrames,
  unsupportedVideoCodec,
} from './fileErrors.ts';
import { buildFrameTable, type FrameTable, type PacketTiming } from './frameTable.ts';
import { hasAbsurdIndex } from './mp4Index.ts';
import { VideoClip } from './videoClip.ts';

/**
 * What is recognised. The sound formats are there to be told apart from no media at all; HLS is not, as a play list
 * would make the page fetch what it names.
 */
export const VIDEO_FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS, OGG, MP3, WAVE, FLAC, ADTS];

/** Opens a video: reads its index, decodes nothing. The caller disposes the clip. */
export async function openVideo(file: Blob): Promise<Clip> {
  if (await hasAbsurdIndex(file)) throw damagedFile(file, 'its index contradicts itself');
  const input = new Input({ formats: VIDEO_FORMATS, source: new BlobSource(file) });
  try {
    return await demux(file, input);
  } catch (thrown) {
    input.dispose();
    if (thrown instanceof MaskletError) throw thrown;
    if (thrown instanceof UnsupportedInputFormatError) throw notMedia(file, thrown);
    throw damagedFile(file, 'its index cannot be read', thrown);
  }
}

async function demux(file: Blob, input: Input): Promise<Clip> {
  const tracks = await input.getTracks();
  if (tracks.length === 0) throw damagedFile(file, 'its index is missing');
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw noVideoTrack(file);

  const [width, height, codec] = [
    await track.getDisplayWidth(),
    await track.getDisplayHeight(),
    await track.getCodec(),
  ];
  checkFrameSize(file, { width, height });
  checkFrameSize(file, { width: await track.getCodedWidth(), height: await track.getCodedHeight() });
  if (codec === null || !(await track.canDecode())) throw unsupportedVideoCodec(file, await codecName(track));

  const packets = await readPackets(file, track);
  if (packets.length === 0) {
    // Matroska's blocks are read cluster by cluster: of a file that ends within its first one, nothing is left.
    const isMatroska = (await input.getFormat()) instanceof MatroskaInputFormat;
    const isCut = isMatroska && ((await track.getDurationFromMetadata()) ?? 0) > 0;
    throw isCut ? damagedFile(file, 'it ends before its first frames') : noFrames(file);
  }
  const table = buildFrameTable(await withoutMissingData(track, packets));
  if (table.frameCount === 0) throw damagedFile(file, 'it holds no key frame to start from');
  const hasSound = (await input.getPrimaryAudioTrack()) !== null;
  const missingFrames = buildFrameTable(packets).frameCount - table.frameCount;

  return new VideoClip({
    input,
    track,
    table,
    info: {
      kind: 'video',
      width,
      height,
      frameCount: table.frameCount,
      timestamps: table.timestamps,
      duration: table.duration,
      ...(await clockOf(track, table)),
      codec: (await track.getCodecParameterString()) ?? codec,
      ...(hasSound ? { sound: { startTime: (table.microseconds[0] ?? 0) / 1e6 } } : {}),
      ...(missingFrames > 0 ? { missingFrames } : {}),
    },
    decoderKeepsTime: decoderKeepsTime(codec, table),
  });
}

/** The track's clock, if the frames' times do fall on its ticks. */
async function clockOf(track: InputVideoTrack, table: FrameTable): Promise<Pick<ClipInfo, 'ticksPerSecond'>> {
  const ticksPerSecond = await track.getTimeResolution();
  const isTick = (time: number) => Math.abs(time * ticksPerSecond - Math.round(time * ticksPerSecond)) < 0.01;
  const isExact = Number.isInteger(ticksPerSecond) && table.timestamps.every(isTick);
  return isExact ? { ticksPerSecond } : {};
}

/** Only H.264 and H.265 come out of a decoder in another order than they go in. */
function decoderKeepsTime(codec: string, table: FrameTable): boolean {
  return table.reorders || (codec !== 'avc' && codec !== 'hevc');
}

/** Frames of 38 hours: more would not fit into the page's memory. */
const MAX_PACKETS = 2 ** 22;

/** Packets that are read before the worker answers whatever else it is asked: whether it is alive, say. */
const PACKETS_IN_TURN = 1000;

/**
 * All packets in decode order, without their data, which is not read where the container has an index.
 *
 * @throws `file-damaged` for more packets than bytes: a damaged file can lead round in circles; `too-large`
 */
async function readPackets(file: Blob, track: InputVideoTrack): Promise<PacketTiming[]> {
  const isVp8 = (await track.getCodec()) === 'vp8';
  const packets: PacketTiming[] = [];
  let count = 0;
  // One after the other: the sink's own iterator keeps all that it gave within a second, and each step moves them.
  const sink = new EncodedPacketSink(track);
  const options = { metadataOnly: !isVp8 };
  let packet: EncodedPacket | null = await sink.getFirstPacket(options);
  for (; packet; packet = await sink.getNextPacket(packet, options)) {
    if (++count > file.size) throw damagedFile(file, 'its index leads round in circles');
    if (count > MAX_PACKETS) throw tooManyFrames(file, MAX_PACKETS);
    if (count % PACKETS_IN_TURN === 0) await new Promise((resolve) => setTimeout(resolve));
    if (isVp8 && !isShownVp8(packet)) continue;
    packets.push({
      timestamp: packet.timestamp,
      duration: packet.duration,
      microsecondTimestamp: packet.microsecondTimestamp,
      isKey: packet.type === 'key',
    });
  }
  return packets;
}

/** VP8 stores frames that are only for reference in packets of their own: `show_frame`, RFC 6386 section 9.1. */
function isShownVp8({ data }: EncodedPacket): boolean {
  return ((data[0] ?? 0) & 0x10) !== 0;
}

/**
 * The packets whose data is in the file. A file that was cut off with its index at the front lists more than it holds;
 * data lies in decode order, so what is missing is missing at the end.
 */
async function withoutMissingData(track: InputVideoTrack, packets: PacketTiming[]): Promise<PacketTiming[]> {
  const sink = new EncodedPacketSink(track);
  const isThere = async (position: number) => {
    const packet = await sink.getPacket(packets[position]?.timestamp ?? 0).catch(() => null);
    return packet !== null;
  };
  if (await isThere(packets.length - 1)) return packets;
  let there = 0;
  let missing = packets.length - 1;
  while (there < missing) {
    const middle = Math.floor((there + missing) / 2);
    if (await isThere(middle)) there = middle + 1;
    else missing = middle;
  }
  return packets.slice(0, there);
}

/** For a person: the usual name and the full parameters, for example `HEVC (hvc1.1.6.L60.90)`. */
async function codecName(track: InputVideoTrack): Promise<string> {
  const codec = await track.getCodec();
  if (codec === null) return `an unknown codec (${String(await track.getInternalCodecId())})`;
  const names: Record<string, string> = {
    avc: 'H.264',
    hevc: 'H.265 (HEVC)',
    vp8: 'VP8',
    vp9: 'VP9',
    av1: 'AV1',
  };
  const parameters = await track.getCodecParameterString();
  return `${names[codec] ?? codec}${parameters === null ? '' : `, ${parameters}`}`;
}
