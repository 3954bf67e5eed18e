/** Buffers that a kernel leaves something in for another, by name; kept, as the next frame needs about the same. */
export class ScratchBuffers<Name extends string> {
  readonly #device: GPUDevice;
  readonly #buffers = new Map<Name, GPUBuffer>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get bytes(): number {
    return [...this.#buffers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Makes buffers as large as is needed, before any of them is used in a drawing. @param sizes in bytes */
  reserve(sizes: Readonly<Record<Name, number>>): void {
    for (const name of Object.keys(sizes) as Name[]) {
      const current = this.#buffers.get(name);
      if (current && current.size >= sizes[name]) continue;
      current?.destroy();
      const size = Math.max(LEAST_BYTES, sizes[name]);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      this.#buffers.set(name, this.#device.createBuffer({ label: name, size, usage }));
    }
  }

  /** @throws Error where it was not reserved */
  get(name: Name): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (buffer === undefined) throw new Error(`The buffer ${name} was not reserved.`);
    return buffer;
  }
}

/** The largest element of any of the kernels' arrays. */
const LEAST_BYTES = 64;
