/** One packet of a video track, as its container describes it. Times are in seconds on the container's clock. */
export interface PacketTiming {
  readonly timestamp: number;
  readonly duration: number;
  /** The time stamp as a decoder carries it. */
  readonly microsecondTimestamp: number;
  readonly isKey: boolean;
}

/** Which frames a video shows, in presentation order, and from where to decode each of them. */
export interface FrameTable {
  readonly frameCount: number;
  /** In seconds from the first frame. */
  readonly timestamps: Float64Array;
  /** When the last frame ends, in seconds from the first. */
  readonly duration: number;
  /** As the decoder names each frame. */
  readonly microseconds: Float64Array;
  /** The container time, in seconds, of the key packet from which decoding reaches each frame. */
  readonly decodeFrom: Float64Array;
  /** The first frame that is decoded from the same key packet. */
  readonly groupStart: Int32Array;
  /** Whether packets are stored in another order than they are shown in (B-frames). */
  readonly reorders: boolean;
}

/**
 * Builds the table from a track's packets in decode order.
 *
 * Two kinds of packet give no frame. Those whose whole duration lies before time 0: an edit list cut them away, they
 * are there for the decoder only, and no player shows them; one that reaches past 0 is what a player shows first, and
 * stays. And those that come before the first key packet, stored or shown: what they build on is not in the file.
 */
export function buildFrameTable(packets: readonly PacketTiming[]): FrameTable {
  const decodeFrom = decodeStarts(packets);
  const decodable = packets.flatMap((packet, position) => {
    const from = decodeFrom[position];
    return from === undefined ? [] : [{ packet, from }];
  });
  const shown = decodable.filter(
    ({ packet }) => packet.timestamp + packet.duration > 1e-6 || packet.timestamp >= 0,
  );
  const frames = shown.length > 0 ? shown : decodable;
  frames.sort((a, b) => a.packet.timestamp - b.packet.timestamp);

  const origin = frames[0]?.packet.timestamp ?? 0;
  const timestamps = Float64Array.from(frames, ({ packet }) => packet.timestamp - origin);
  const from = Float64Array.from(frames, (frame) => frame.from);
  return {
    frameCount: frames.length,
    timestamps,
    duration: endOfLastFrame(timestamps, frames.at(-1)?.packet.duration ?? 0),
    microseconds: Float64Array.from(frames, ({ packet }) => packet.microsecondTimestamp),
    decodeFrom: from,
    groupStart: groupStarts(from),
    reorders: packets.some((packet, i) => packet.timestamp < (packets[i - 1]?.timestamp ?? -Infinity)),
  };
}

/**
 * For each packet the time of the key packet to start from, or `undefined` if none leads to it. After a key packet
 * with leading pictures (shown before it, stored after it: an open group), a decoder that starts there drops them and
 * the count of what comes out is off; then decoding starts one key packet earlier.
 */
function decodeStarts(packets: readonly PacketTiming[]): (number | undefined)[] {
  const keys: { readonly timestamp: number; leading: boolean }[] = [];
  const keyOf = packets.map((packet) => {
    if (packet.isKey) keys.push({ timestamp: packet.timestamp, leading: false });
    const key = keys.at(-1);
    if (key && packet.timestamp < key.timestamp) key.leading = true;
    return keys.length - 1;
  });
  return packets.map((packet, position) => {
    const number = keyOf[position] ?? -1;
    const key = keys[number];
    if (key?.leading !== true) return key?.timestamp;
    const earlier = keys[number - 1];
    if (earlier) return earlier.timestamp;
    return packet.timestamp < key.timestamp ? undefined : key.timestamp;
  });
}

function groupStarts(decodeFrom: Float64Array): Int32Array {
  const starts = new Int32Array(decodeFrom.length);
  for (let i = 1; i < starts.length; i++) {
    starts[i] = decodeFrom[i] === decodeFrom[i - 1] ? (starts[i - 1] ?? 0) : i;
  }
  return starts;
}

/** Some containers give the last frame no duration; then it lasts as long as the others do on average. */
function endOfLastFrame(timestamps: Float64Array, lastDuration: number): number {
  const last = timestamps.at(-1) ?? 0;
  if (lastDuration > 0) return last + lastDuration;
  return timestamps.length > 1 ? last + last / (timestamps.length - 1) : 0;
}
