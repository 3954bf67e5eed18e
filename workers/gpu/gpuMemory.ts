import { MaskletError } from '../../src/core/errors.ts';

/** What is held on a GPU, and what went there and came back. */
export interface GpuTraffic {
  /** Buffers held, and their bytes: tensors, staging and spare buffers, not what ONNX Runtime holds for itself. */
  liveBuffers: number;
  liveBytes: number;
  /** Bytes sent to, and read back from, the GPU so far. */
  bytesUp: number;
  bytesDown: number;
  /** Milliseconds that read-backs have waited for the GPU. */
  gpuWaitMs: number;
}

/** Spare buffers that wait to be used again. A tracked frame asks for the same few sizes as the one before. */
const SPARE_BUFFERS = 8;

/** WebGPU copies whole words, and ONNX Runtime takes no smaller buffer. */
const LEAST_BYTES = 16;

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

/** The buffers of one GPU device that are ours, and the copies between them and the CPU. All are destroyed with it. */
export class GpuMemory {
  readonly device: GPUDevice;
  readonly #traffic: GpuTraffic;
  readonly #owned = new Set<GPUBuffer>();
  /** The longest unused first. */
  #spare: GPUBuffer[] = [];

  constructor(device: GPUDevice, traffic: GpuTraffic) {
    this.device = device;
    this.#traffic = traffic;
  }

  /** A buffer of at least `bytes`, with whatever is in it. */
  allocate(bytes: number): GpuSlice {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const buffer = this.#take(bytes, STORAGE | COPY_SRC | COPY_DST);
    return new GpuSlice({ buffer, holders: 0, release: () => this.#giveBack(buffer) }, 0, bytes);
  }

  /** A buffer that someone else made; `release` lets it go. */
  adopt(buffer: GPUBuffer, bytes: number, release: () => void): GpuSlice {
    this.#count(1, bytes);
    const letGo = () => {
      this.#count(-1, -bytes);
      release();
    };
    return new GpuSlice({ buffer, holders: 0, release: letGo }, 0, bytes);
  }

  /** Slices one after the other, `bytes` each; zeros where there is none. Values of the CPU are sent up. */
  join(parts: readonly (GpuSlice | Float32Array | undefined)[], bytes: number): GpuSlice {
    const joined = this.allocate(parts.length * bytes);
    const { buffer } = joined;
    const commands = this.device.createCommandEncoder();
    parts.forEach((part, i) => {
      if (part === undefined) commands.clearBuffer(buffer, i * bytes, bytes);
      else if (part instanceof GpuSlice)
        commands.copyBufferToBuffer(part.buffer, part.offset, buffer, i * bytes, bytes);
      else this.write(joined, part, i * bytes);
    });
    this.device.queue.submit([commands.finish()]);
    return joined;
  }

  /** Sends values up into a slice. @param offset in bytes, from the slice's start */
  write(slice: GpuSlice, values: Float32Array, offset = 0): void {
    const { buffer, byteOffset, byteLength } = values;
    this.device.queue.writeBuffer(slice.buffer, slice.offset + offset, buffer, byteOffset, byteLength);
    this.#traffic.bytesUp += byteLength;
  }

  /** The bytes of several slices, in one read-back. */
  async read(slices: readonly GpuSlice[]): Promise<ArrayBuffer[]> {
    const total = slices.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total === 0) return slices.map(() => new ArrayBuffer(0));
    const staging = this.#take(total, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    const commands = this.device.createCommandEncoder();
    let end = 0;
    const starts = slices.map(({ buffer, offset, bytes }) => {
      const start = end;
      commands.copyBufferToBuffer(buffer, offset, staging, start, bytes);
      end += bytes;
      return start;
    });
    this.device.queue.submit([commands.finish()]);
    const start = performance.now();
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, total);
      this.#traffic.gpuWaitMs += performance.now() - start;
      const mapped = staging.getMappedRange(0, total);
      const read = slices.map(({ bytes }, i) => mapped.slice(starts[i] ?? 0, (starts[i] ?? 0) + bytes));
      staging.unmap();
      this.#traffic.bytesDown += total;
      return read;
    } finally {
      this.#giveBack(staging);
    }
  }

  /** Destroys every buffer that is ours, used or not. */
  dispose(): void {
    for (const buffer of [...this.#owned]) this.#destroy(buffer);
    this.#spare = [];
  }

  #take(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.max(LEAST_BYTES, Math.ceil(bytes / 4) * 4);
    const at = this.#spare.findIndex((each) => each.size === size && each.usage === usage);
    const [spare] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (spare) return spare;
    const buffer = this.device.createBuffer({ size, usage });
    this.#owned.add(buffer);
    this.#count(1, size);
    return buffer;
  }

  #giveBack(buffer: GPUBuffer): void {
    if (!this.#owned.has(buffer)) return;
    this.#spare.push(buffer);
    const oldest = this.#spare.length > SPARE_BUFFERS ? this.#spare.shift() : undefined;
    if (oldest) this.#destroy(oldest);
  }

  #destroy(buffer: GPUBuffer): void {
    buffer.destroy();
    this.#owned.delete(buffer);
    this.#count(-1, -buffer.size);
  }

  #count(buffers: number, bytes: number): void {
    this.#traffic.liveBuffers += buffers;
    this.#traffic.liveBytes += bytes;
  }
}
