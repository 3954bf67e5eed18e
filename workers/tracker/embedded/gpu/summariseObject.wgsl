// What the CPU is told of an object's memory: area, bounds, and the cosine of its look and of each of four earlier ones. One
// workgroup does an object's. Its twin on the CPU: remember (cpuTracking.ts).

override LENGTH: u32;
const LANES = 64u;

struct Extent {
  area: u32,
  left: u32,
  top: u32,
  right: u32,
  bottom: u32,
}

struct Summary {
  area: u32,
  // Left, top, right and bottom, a byte each: a frame has at most 64 cells a side.
  bounds: u32,
  likeness: array<f32, 4>,
}

// An object's earlier looks.
struct Compared {
  first: u32,
  count: u32,
}

@group(0) @binding(0) var<storage, read> compared: array<Compared>;
@group(0) @binding(1) var<storage, read> extents: array<Extent>;
@group(0) @binding(2) var<storage, read> looks: array<f32>;
@group(0) @binding(3) var<storage, read> earlier: array<f32>;
@group(0) @binding(4) var<storage, read_write> summaries: array<Summary>;

// Squares of the look, and for each of the others its product with the look, and its squares.
var<workgroup> own: array<f32, LANES>;
var<workgroup> products: array<vec4f, LANES>;
var<workgroup> squares: array<vec4f, LANES>;

// One channel of one of the earlier looks; 0 where there are not as many.
fn earlierAt(which: Compared, index: u32, channel: u32) -> f32 {
  if (index >= which.count) {
    return 0;
  }
  return earlier[(which.first + index) * LENGTH + channel];
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let object = group.x;
  let which = compared[object];
  var ownSum = 0.0;
  var productSum = vec4f(0.0);
  var squareSum = vec4f(0.0);
  for (var channel = lane; channel < LENGTH; channel += LANES) {
    let value = looks[object * LENGTH + channel];
    let others = vec4f(
      earlierAt(which, 0, channel), earlierAt(which, 1, channel),
      earlierAt(which, 2, channel), earlierAt(which, 3, channel),
    );
    ownSum += value * value;
    productSum += value * others;
    squareSum += others * others;
  }
  own[lane] = ownSum;
  products[lane] = productSum;
  squares[lane] = squareSum;
  workgroupBarrier();
  for (var half = LANES / 2; half > 0; half /= 2) {
    if (lane < half) {
      own[lane] += own[lane + half];
      products[lane] += products[lane + half];
      squares[lane] += squares[lane + half];
    }
    workgroupBarrier();
  }
  if (lane == 0) {
    let extent = extents[object];
    summaries[object].area = extent.area;
    summaries[object].bounds = extent.left | (extent.top << 8) | (extent.right << 16) | (extent.bottom << 24);
    let likeness = products[0] / max(sqrt(own[0] * squares[0]), vec4f(1e-12));
    for (var i = 0u; i < 4; i++) {
      summaries[object].likeness[i] = select(0, likeness[i], i < which.count);
    }
  }
}
