// The share of object cells in each cell of the frame, from mask logits; the object's area, and the bounds of where it is. Its
// twin on the CPU: memoryOf (memory.ts).

override MASK_SIDE: u32;
// Mask cells along each side of a cell.
override FACTOR: u32;
override OBJECT_SHARE: f32;

// Bounds that only grow, so that zeros start them: left and top are counted from the right and from below.
struct Extent {
  area: atomic<u32>,
  left: atomic<u32>,
  top: atomic<u32>,
  right: atomic<u32>,
  bottom: atomic<u32>,
}

@group(0) @binding(0) var<uniform> grid: vec2u;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> label: array<f32>;
@group(0) @binding(3) var<storage, read_write> extent: Extent;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= grid)) {
    return;
  }
  var inside = 0u;
  for (var y = 0u; y < FACTOR; y++) {
    for (var x = 0u; x < FACTOR; x++) {
      if (logits[(id.y * FACTOR + y) * MASK_SIDE + id.x * FACTOR + x] > 0) {
        inside++;
      }
    }
  }
  let share = f32(inside) / f32(FACTOR * FACTOR);
  label[id.y * grid.x + id.x] = share;
  if (inside > 0) {
    atomicAdd(&extent.area, inside);
  }
  if (share > OBJECT_SHARE) {
    atomicMax(&extent.left, grid.x - id.x);
    atomicMax(&extent.top, grid.y - id.y);
    atomicMax(&extent.right, id.x + 1);
    atomicMax(&extent.bottom, id.y + 1);
  }
}
