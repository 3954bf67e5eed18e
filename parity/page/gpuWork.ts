/** What a device was given to do, by ONNX Runtime and by us. */
export interface GpuWork {
  /** Dispatches of kernels, by the label of their pipelines. */
  readonly dispatches: Readonly<Record<string, number>>;
  readonly submits: number;
}

const dispatches: Record<string, number> = {};
let submits = 0;

/** What was done since counting began. */
export function workSoFar(): GpuWork {
  return { dispatches: { ...dispatches }, submits };
}

/** Counts from here on what a device is given. */
export function countGpuWork(device: GPUDevice): void {
  const { queue } = device;
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const commands = createCommandEncoder(descriptor);
    const beginComputePass = commands.beginComputePass.bind(commands);
    commands.beginComputePass = (how) => countDispatches(beginComputePass(how));
    return commands;
  };
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    submits++;
    return submit(commands);
  };
}

function countDispatches(pass: GPUComputePassEncoder): GPUComputePassEncoder {
  let label = '';
  const setPipeline = pass.setPipeline.bind(pass);
  pass.setPipeline = (pipeline) => {
    ({ label } = pipeline);
    return setPipeline(pipeline);
  };
  const dispatchWorkgroups = pass.dispatchWorkgroups.bind(pass);
  pass.dispatchWorkgroups = (...groups) => {
    dispatches[label] = (dispatches[label] ?? 0) + 1;
    return dispatchWorkgroups(...groups);
  };
  return pass;
}
