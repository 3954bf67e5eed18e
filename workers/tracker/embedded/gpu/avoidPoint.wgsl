// Tells the decoder of one object that another one's deepest point is not the object's, if there is such a point. As cpuTracking.ts does.

override SMALLEST_GUESS: u32;
override AVOIDED_LABEL: f32;
const AVOIDED = 5u;

struct Extent {
  heaviest: u32,
  area: u32,
}

@group(0) @binding(0) var<uniform> unused: vec2u;
@group(0) @binding(1) var<storage, read> otherCoords: array<vec2f>;
@group(0) @binding(2) var<storage, read> otherExtent: Extent;
@group(0) @binding(3) var<storage, read_write> coords: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> labels: array<f32>;

@compute @workgroup_size(1)
fn main() {
  if (unused.x == 0 && otherExtent.area >= SMALLEST_GUESS) {
    coords[AVOIDED] = otherCoords[0];
    labels[AVOIDED] = AVOIDED_LABEL;
  }
}
