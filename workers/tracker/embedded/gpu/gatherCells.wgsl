// Cells of a frame's windows as rows of the attention's queries or keys: centred unit descriptors, four channels that carry position and
// discount, and the cell's label. A workgroup makes one row. Its twins on the CPU: writeUnitDescriptor (features.ts) and
// EmbeddedMemoryAttention (memoryAttention.ts).

override LENGTH: u32;
// Channels of the descriptor's first part; the parts are normalised apart from each other.
override FIRST_PART: u32;
// Numbers in a row: the last four start with the label.
override ROW: u32;
const LANES = 64u;
// A query has no label.
const NONE = 0xffffffffu;

struct Window {
  // First cell and size, in cells.
  start: vec2u,
  size: vec2u,
  // The row that its first cell becomes.
  row: u32,
  // Where the labels of its frame start.
  label: u32,
  // Of the unit descriptor.
  scale: f32,
  // The four channels: x and y times `along`; a constant, and one for each square cell from the middle, for the other two.
  along: f32,
  third: vec2f,
  fourth: vec2f,
}

struct Frame {
  // In cells.
  grid: vec2u,
  windows: array<Window>,
}

@group(0) @binding(0) var<storage, read> frame: Frame;
@group(0) @binding(1) var<storage, read> descriptors: array<f32>;
@group(0) @binding(2) var<storage, read> centre: array<f32>;
@group(0) @binding(3) var<storage, read> labels: array<f32>;
@group(0) @binding(4) var<storage, read_write> rows: array<f32>;

var<workgroup> squares: array<vec2f, LANES>;

fn centred(cell: u32, channel: u32) -> f32 {
  return descriptors[cell * LENGTH + channel] - centre[channel];
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let window = frame.windows[group.z];
  if (any(group.xy >= window.size)) {
    return;
  }
  let at = window.start + group.xy;
  let cell = at.y * frame.grid.x + at.x;
  var sum = vec2f(0.0);
  for (var channel = lane; channel < LENGTH; channel += LANES) {
    let value = centred(cell, channel);
    sum[select(1u, 0u, channel < FIRST_PART)] += value * value;
  }
  squares[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2; half > 0; half /= 2) {
    if (lane < half) {
      squares[lane] += squares[lane + half];
    }
    workgroupBarrier();
  }
  // Two parts of equal length make a whole of length 1.
  let factors = window.scale * sqrt(0.5) / max(sqrt(squares[0]), vec2f(1e-6));
  let to = (window.row + group.y * window.size.x + group.x) * ROW;
  for (var channel = lane; channel < LENGTH; channel += LANES) {
    rows[to + channel] = centred(cell, channel) * select(factors.y, factors.x, channel < FIRST_PART);
  }
  if (lane == 0) {
    let position = vec2f(at) - vec2f(frame.grid) / 2;
    let far = dot(position, position);
    rows[to + LENGTH] = window.along * position.x;
    rows[to + LENGTH + 1] = window.along * position.y;
    rows[to + LENGTH + 2] = window.third.x + window.third.y * far;
    rows[to + LENGTH + 3] = window.fourth.x + window.fourth.y * far;
    if (window.label != NONE) {
      rows[to + ROW - 4] = labels[window.label + cell];
    }
  }
}
