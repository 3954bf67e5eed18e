// Tells the decoder of objects that another one's deepest point is not theirs, if there is such a point. As cpuTracking.ts does.

override AVOIDED_LABEL: f32;
const POINTS = 6u;
// The avoided point is an object's last.
const AVOIDED = POINTS - 1;

// As fathomDown.wgsl leaves it.
struct Extent {
  heaviest: u32,
  area: u32,
  left: u32,
  top: u32,
  right: u32,
  bottom: u32,
}

// For each object the one whose point it is told, or −1.
@group(0) @binding(0) var<storage, read> besides: array<i32>;
@group(0) @binding(1) var<storage, read> extents: array<Extent>;
@group(0) @binding(2) var<storage, read_write> coords: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> labels: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let own = id.x;
  if (own >= arrayLength(&besides) || besides[own] < 0) {
    return;
  }
  let other = u32(besides[own]);
  if (extents[other].area > 0) {
    coords[own * POINTS + AVOIDED] = coords[other * POINTS];
    labels[own * POINTS + AVOIDED] = AVOIDED_LABEL;
  }
}
