/** What a copy leaves in a buffer. @param copy encodes it */
export async function readBack(
  device: GPUDevice,
  bytes: number,
  copy: (commands: GPUCommandEncoder, into: GPUBuffer) => void,
): Promise<ArrayBuffer> {
  const buffer = device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const commands = device.createCommandEncoder();
  copy(commands, buffer);
  device.queue.submit([commands.finish()]);
  await buffer.mapAsync(GPUMapMode.READ);
  const copied = buffer.getMappedRange().slice(0);
  buffer.destroy();
  return copied;
}
