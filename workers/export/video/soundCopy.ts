import {
  BlobSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  type EncodedPacket,
  type Output,
} from 'mediabunny';
import { MaskletError } from '../../../src/core/errors.ts';
import { VIDEO_FORMATS } from '../../media/openVideo.ts';

/** The sound of a clip's file, copied packet by packet beside the frames, without being decoded. */
export class SoundCopy {
  readonly #input: Input;
  readonly #source: EncodedAudioPacketSource;
  readonly #packets: AsyncGenerator<EncodedPacket, void, unknown>;
  readonly #config: AudioDecoderConfig;
  readonly #start: number;
  #next: EncodedPacket | undefined;
  #isFirst = true;

  private constructor(
    input: Input,
    source: EncodedAudioPacketSource,
    packets: AsyncGenerator<EncodedPacket, void, unknown>,
    config: AudioDecoderConfig,
    start: number,
  ) {
    this.#input = input;
    this.#source = source;
    this.#packets = packets;
    this.#config = config;
    this.#start = start;
  }

  /**
   * Adds a track for the sound to an output that has not started. Gives nothing where the file has no sound.
   *
   * @param start the time in the file that is the output's 0, in seconds
   * @throws MaskletError `codec-unsupported` if the output cannot hold this kind of sound
   */
  static async open(file: Blob, output: Output, start: number): Promise<SoundCopy | undefined> {
    const input = new Input({ formats: VIDEO_FORMATS, source: new BlobSource(file) });
    try {
      const track = await input.getPrimaryAudioTrack();
      const codec = track && (await track.getCodec());
      const config = track && codec && (await track.getDecoderConfig());
      if (!track || !codec || !config) {
        input.dispose();
        return undefined;
      }
      if (!output.format.getSupportedAudioCodecs().includes(codec)) {
        throw new MaskletError(
          'codec-unsupported',
          `The sound (${codec}) does not go into such a file and is left out.`,
        );
      }
      const source = new EncodedAudioPacketSource(codec);
      output.addAudioTrack(source);
      const sink = new EncodedPacketSink(track);
      const from = await sink.getPacket(Math.max(start, await track.getFirstTimestamp()));
      return new SoundCopy(input, source, sink.packets(from ?? undefined), config, start);
    } catch (thrown) {
      input.dispose();
      throw thrown;
    }
  }

  /** Copies what is heard until a time of the output, in seconds. */
  async copyUntil(time: number): Promise<void> {
    for (;;) {
      this.#next ??= (await this.#packets.next()).value ?? undefined;
      const packet = this.#next;
      if (packet === undefined || packet.timestamp - this.#start >= time) return;
      this.#next = undefined;
      if (packet.timestamp < this.#start) continue;
      const meta = this.#isFirst ? { decoderConfig: this.#config } : undefined;
      this.#isFirst = false;
      await this.#source.add(packet.clone({ timestamp: packet.timestamp - this.#start }), meta);
    }
  }

  async close(): Promise<void> {
    await this.#packets.return();
    this.#input.dispose();
  }
}
