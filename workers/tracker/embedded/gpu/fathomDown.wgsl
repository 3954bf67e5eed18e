// Keeps the components that carry weight, measures their area and bounds, and each cell's distance to the nearest other cell of
// its column; the outside counts as other. Its twins on the CPU: mainComponents (guess.ts) and distanceTransform (shape.ts).

override MASK_SIDE: u32;
const NONE = 0xffffffffu;

// Bounds that only grow, so that zeros start them: left and top are counted from the right and from below.
struct Extent {
  heaviest: u32,
  area: atomic<u32>,
  left: atomic<u32>,
  top: atomic<u32>,
  right: atomic<u32>,
  bottom: atomic<u32>,
}

struct Asked {
  content: vec2u,
  // Of the heaviest component's mass: those that weigh less are left out.
  componentShare: f32,
  unused: u32,
}

@group(0) @binding(0) var<uniform> asked: Asked;
@group(0) @binding(1) var<storage, read> parents: array<u32>;
@group(0) @binding(2) var<storage, read> masses: array<u32>;
@group(0) @binding(3) var<storage, read_write> extent: Extent;
@group(0) @binding(4) var<storage, read_write> depths: array<u32>;

fn isKept(x: u32, y: i32) -> bool {
  if (y < 0 || y >= i32(asked.content.y)) {
    return false;
  }
  let root = parents[u32(y) * MASK_SIDE + x];
  return root != NONE && f32(masses[root]) > asked.componentShare * f32(extent.heaviest);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let y = i32(id.y);
  var depth = 0;
  if (id.x < asked.content.x && isKept(id.x, y)) {
    depth = 1;
    while (isKept(id.x, y - depth) && isKept(id.x, y + depth)) {
      depth++;
    }
    atomicAdd(&extent.area, 1);
    atomicMax(&extent.left, MASK_SIDE - id.x);
    atomicMax(&extent.top, MASK_SIDE - id.y);
    atomicMax(&extent.right, id.x + 1);
    atomicMax(&extent.bottom, id.y + 1);
  }
  depths[id.y * MASK_SIDE + id.x] = u32(depth);
}
