// How well a point lies on each cell: its distance to the nearest cell outside, from the distances within the columns, times its
// probability. One object after the other. Its twins on the CPU: distanceTransform (shape.ts) and innerCells (guess.ts).

override MASK_SIDE: u32;

@group(0) @binding(0) var<uniform> content: vec2u;
@group(0) @binding(1) var<storage, read> depths: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read_write> worth: array<f32>;

// The square of the distance to the outside by way of the column `x` that is `away` columns off.
fn squareBy(plane: u32, x: i32, y: u32, away: u32) -> u32 {
  if (x < 0 || x >= i32(content.x)) {
    return away * away;
  }
  let depth = depths[plane + y * MASK_SIDE + u32(x)];
  return away * away + depth * depth;
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let plane = id.z * MASK_SIDE * MASK_SIDE;
  let cell = plane + id.y * MASK_SIDE + id.x;
  let depth = depths[cell];
  var nearest = depth * depth;
  for (var away = 1u; away * away < nearest; away++) {
    nearest = min(nearest, squareBy(plane, i32(id.x) - i32(away), id.y, away));
    nearest = min(nearest, squareBy(plane, i32(id.x) + i32(away), id.y, away));
  }
  worth[cell] = sqrt(f32(nearest)) / (1 + exp(-logits[cell]));
}
