import { MaskletError } from '../../src/core/errors.ts';
import type { DeviceHealth } from './deviceHealth.ts';

/** What is held on a GPU, and what went there and came back. */
export interface GpuTraffic {
  /** Buffers in use, and their bytes: tensors and what is being read, not what ONNX Runtime holds for itself. */
  liveBuffers: number;
  liveBytes: number;
  /** Bytes of buffers that wait to be used again. */
  spareBytes: number;
  /** Bytes sent to, and read back from, the GPU so far, and in how many read-backs. */
  bytesUp: number;
  bytesDown: number;
  reads: number;
  /** Dispatches of our kernels so far; those of ONNX Runtime's are not known. */
  dispatches: number;
  /** Decoded frames that were copied to a texture as they are, and through a bitmap. */
  directFrames: number;
  bitmapFrames: number;
  /** Milliseconds that read-backs have waited for the GPU. */
  gpuWaitMs: number;
}

/** The counts of a GPU that has done nothing yet. */
export function noTraffic(): GpuTraffic {
  const held = { liveBuffers: 0, liveBytes: 0, spareBytes: 0 };
  const done = { bytesUp: 0, bytesDown: 0, reads: 0, dispatches: 0, directFrames: 0, bitmapFrames: 0 };
  return { ...held, ...done, gpuWaitMs: 0 };
}

/** Spare buffers that wait to be used again. A tracked frame asks for the same few sizes as the one before. */
const SPARE_BUFFERS = 8;

/** ONNX Runtime reads and copies buffers in whole multiples of this. */
export const GRANULE_BYTES = 16;

interface SharedBuffer {
  readonly buffer: GPUBuffer;
  /** Slices that are not freed yet. */
  holders: number;
  readonly release: () => void;
}

/** A part of a buffer on the GPU. Whoever holds it frees it; the buffer is let go with its last slice. */
export class GpuSlice {
  /** In bytes. */
  readonly offset: number;
  readonly bytes: number;
  readonly #shared: SharedBuffer;
  #isFree = false;

  constructor(shared: SharedBuffer, offset: number, bytes: number) {
    this.#shared = shared;
    this.offset = offset;
    this.bytes = bytes;
    shared.holders++;
  }

  /** @throws MaskletError `disposed` after `free()`. */
  get buffer(): GPUBuffer {
    if (this.#isFree) throw new MaskletError('disposed', 'A tensor on the GPU was used after it was freed.');
    return this.#shared.buffer;
  }

  /** A part of this slice, to be freed on its own. @param offset in bytes, from the slice's start */
  part(offset: number, bytes: number): GpuSlice {
    if (this.#isFree) throw new MaskletError('disposed', 'A tensor on the GPU was used after it was freed.');
    return new GpuSlice(this.#shared, this.offset + offset, bytes);
  }

  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    if (--this.#shared.holders === 0) this.#shared.release();
  }
}

/**
 * The buffers of one GPU device that are ours or held by us, the copies between them and the CPU, and the commands for it: they are
 * recorded, and handed over together before anyone else uses the queue.
 */
export class GpuMemory {
  readonly device: GPUDevice;
  readonly traffic: GpuTraffic = noTraffic();
  readonly #health: DeviceHealth;
  /** Buffers of ours that are in use. */
  readonly #used = new Set<GPUBuffer>();
  /** What lets go of each buffer of someone else's. */
  readonly #adopted = new Set<() => void>();
  /** The longest unused first. */
  readonly #spare: GPUBuffer[] = [];
  /** Those that are not handed over yet. */
  #recorded: GPUCommandEncoder | undefined;
  /** Lets go of what the recorded commands use. */
  readonly #afterwards: (() => void)[] = [];

  constructor(device: GPUDevice, health: DeviceHealth) {
    this.device = device;
    this.#health = health;
  }

  /** Commands that are handed over with the next `submit()`, in the order in which they are recorded. */
  get commands(): GPUCommandEncoder {
    return (this.#recorded ??= this.device.createCommandEncoder());
  }

  /** Hands over what is recorded: before others use the queue, and before anything is written that recorded commands may still read. */
  submit(): void {
    if (!this.#recorded) return;
    this.device.queue.submit([this.#recorded.finish()]);
    this.#recorded = undefined;
    for (const letGo of this.#afterwards.splice(0)) letGo();
  }

  /** Lets go of something once the commands recorded so far are handed over. */
  afterSubmit(letGo: () => void): void {
    if (this.#recorded) this.#afterwards.push(letGo);
    else letGo();
  }

  /** A buffer of at least `bytes`, with whatever is in it. */
  allocate(bytes: number): GpuSlice {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const buffer = this.#take(bytes, STORAGE | COPY_SRC | COPY_DST);
    return new GpuSlice({ buffer, holders: 0, release: () => this.#giveBack(buffer) }, 0, bytes);
  }

  /** A new buffer with what is in someone else's. */
  copyOf(buffer: GPUBuffer, bytes: number): GpuSlice {
    const copy = this.allocate(bytes);
    this.commands.copyBufferToBuffer(buffer, 0, copy.buffer, 0, bytes);
    return copy;
  }

  /** A buffer that someone else made; `release` lets it go. */
  adopt(buffer: GPUBuffer, bytes: number, release: () => void): GpuSlice {
    this.#count(1, bytes);
    const letGo = () => {
      if (!this.#adopted.delete(letGo)) return;
      this.#count(-1, -bytes);
      this.afterSubmit(release);
    };
    this.#adopted.add(letGo);
    return new GpuSlice({ buffer, holders: 0, release: letGo }, 0, bytes);
  }

  /**
   * A new buffer of slices, and values that are sent up, one after the other; zeros where there is none, of equal length.
   *
   * @param bytes of all
   */
  join(parts: readonly (GpuSlice | Float32Array | undefined)[], bytes: number): GpuSlice {
    const joined = this.allocate(bytes);
    const length = (part: GpuSlice | Float32Array) =>
      part instanceof GpuSlice ? part.bytes : part.byteLength;
    const left = bytes - parts.reduce((sum, part) => sum + (part ? length(part) : 0), 0);
    const gap = left / parts.filter((part) => part === undefined).length;
    const { buffer } = joined;
    let at = 0;
    for (const part of parts) {
      if (part === undefined) this.commands.clearBuffer(buffer, at, gap);
      else if (part instanceof GpuSlice)
        this.commands.copyBufferToBuffer(part.buffer, part.offset, buffer, at, part.bytes);
      else this.write(joined, part, at);
      at += part ? length(part) : gap;
    }
    return joined;
  }

  /** Sends values up into a slice. @param offset in bytes, from the slice's start */
  write(slice: GpuSlice, values: Float32Array, offset = 0): void {
    this.writeTo(slice.buffer, values, slice.offset + offset);
  }

  /** Sends values up into a buffer that someone holds. @param offset in bytes, from the buffer's start */
  writeTo(buffer: GPUBuffer, { buffer: values, byteOffset, byteLength }: Float32Array, offset = 0): void {
    this.submit();
    this.device.queue.writeBuffer(buffer, offset, values, byteOffset, byteLength);
    this.countUp(byteLength);
  }

  /** Counts bytes that went up in another way. */
  countUp(bytes: number): void {
    this.traffic.bytesUp += bytes;
  }

  /** The bytes of several slices, in one read-back. @throws MaskletError `gpu-lost`, `gpu-memory` or `gpu-failed` */
  async read(slices: readonly GpuSlice[]): Promise<ArrayBuffer[]> {
    const total = slices.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total === 0) return slices.map(() => new ArrayBuffer(0));
    const staging = this.#take(total, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    let end = 0;
    const starts = slices.map(({ buffer, offset, bytes }) => {
      const start = end;
      this.commands.copyBufferToBuffer(buffer, offset, staging, start, bytes);
      end += bytes;
      return start;
    });
    this.submit();
    this.traffic.bytesDown += total;
    this.traffic.reads++;
    const start = performance.now();
    try {
      await this.#health.guard(staging.mapAsync(GPUMapMode.READ, 0, total));
      this.traffic.gpuWaitMs += performance.now() - start;
      const mapped = staging.getMappedRange(0, total);
      const read = slices.map(({ bytes }, i) => mapped.slice(starts[i] ?? 0, (starts[i] ?? 0) + bytes));
      staging.unmap();
      return read;
    } finally {
      this.#giveBack(staging);
    }
  }

  /** Destroys every buffer that is ours, and lets go of all others, used or not. */
  dispose(): void {
    this.#recorded = undefined;
    for (const letGo of this.#afterwards.splice(0)) letGo();
    for (const letGo of [...this.#adopted]) letGo();
    for (const buffer of [...this.#used]) this.#giveBack(buffer);
    while (this.#spare.length > 0) this.#destroySpare();
  }

  #take(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.max(1, Math.ceil(bytes / GRANULE_BYTES)) * GRANULE_BYTES;
    const at = this.#spare.findIndex((each) => each.size === size && each.usage === usage);
    const [spare] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (spare) this.traffic.spareBytes -= size;
    const buffer = spare ?? this.device.createBuffer({ size, usage });
    this.#used.add(buffer);
    this.#count(1, size);
    return buffer;
  }

  #giveBack(buffer: GPUBuffer): void {
    if (!this.#used.delete(buffer)) return;
    this.#count(-1, -buffer.size);
    this.#spare.push(buffer);
    this.traffic.spareBytes += buffer.size;
    if (this.#spare.length > SPARE_BUFFERS) this.#destroySpare();
  }

  /** The one that was not used for the longest time. */
  #destroySpare(): void {
    const oldest = this.#spare.shift();
    if (!oldest) return;
    this.traffic.spareBytes -= oldest.size;
    this.afterSubmit(() => oldest.destroy());
  }

  #count(buffers: number, bytes: number): void {
    this.traffic.liveBuffers += buffers;
    this.traffic.liveBytes += bytes;
  }
}
