// The sum of all cells' descriptors, less a centre, each times its cell's weight. A workgroup sums 32 channels of an
// object. Its twins on the CPU: meanDescriptor (features.ts), objectLook (objectLook.ts).

override LENGTH: u32;
const CHANNELS = 32u;
const ROWS = 8u;

struct Weighing {
  cells: u32,
  // Added to every weight.
  even: f32,
}

@group(0) @binding(0) var<uniform> weighing: Weighing;
@group(0) @binding(1) var<storage, read> descriptors: array<f32>;
@group(0) @binding(2) var<storage, read> centre: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;

var<workgroup> parts: array<f32, CHANNELS * ROWS>;

@compute @workgroup_size(CHANNELS, ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) id: vec3u) {
  let channel = group.x * CHANNELS + id.x;
  var sum = 0.0;
  if (channel < LENGTH) {
    for (var cell = id.y; cell < weighing.cells; cell += ROWS) {
      sum += (weights[group.y * weighing.cells + cell] + weighing.even) * (descriptors[cell * LENGTH + channel] - centre[channel]);
    }
  }
  parts[id.y * CHANNELS + id.x] = sum;
  workgroupBarrier();
  if (id.y == 0 && channel < LENGTH) {
    for (var row = 1u; row < ROWS; row++) {
      sum += parts[row * CHANNELS + id.x];
    }
    sums[group.y * LENGTH + channel] = sum;
  }
}
