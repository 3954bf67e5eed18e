// The share of object cells in each cell of the frame, from mask logits; the object's area, and the bounds of where it is. One object after the
// other. Its twins on the CPU: objectShare (objectLook.ts) and remember (cpuTracking.ts).

override MASK_SIDE: u32;
// Mask cells along each side of a cell.
override FACTOR: u32;
override OBJECT_FROM: f32;

// Bounds that only grow, so that zeros start them: left and top are counted from the right and from below.
struct Extent {
  area: atomic<u32>,
  left: atomic<u32>,
  top: atomic<u32>,
  right: atomic<u32>,
  bottom: atomic<u32>,
}

struct Pooling {
  grid: vec2u,
}

@group(0) @binding(0) var<uniform> pooling: Pooling;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> labels: array<f32>;
@group(0) @binding(3) var<storage, read_write> extents: array<Extent>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let grid = pooling.grid;
  let object = id.z;
  if (any(id.xy >= grid)) {
    return;
  }
  var inside = 0u;
  for (var y = 0u; y < FACTOR; y++) {
    for (var x = 0u; x < FACTOR; x++) {
      if (logits[(object * MASK_SIDE + id.y * FACTOR + y) * MASK_SIDE + id.x * FACTOR + x] > 0) {
        inside++;
      }
    }
  }
  let share = f32(inside) / f32(FACTOR * FACTOR);
  labels[(object * grid.y + id.y) * grid.x + id.x] = share;
  if (inside > 0) {
    atomicAdd(&extents[object].area, inside);
  }
  if (share > OBJECT_FROM) {
    atomicMax(&extents[object].left, grid.x - id.x);
    atomicMax(&extents[object].top, grid.y - id.y);
    atomicMax(&extents[object].right, id.x + 1);
    atomicMax(&extents[object].bottom, id.y + 1);
  }
}
