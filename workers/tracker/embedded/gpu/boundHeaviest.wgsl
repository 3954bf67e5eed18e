// Bounds of the heaviest component of each object's guess; of several that weigh the same, of all. Its twin on the CPU: mainComponents (guess.ts).

override MASK_SIDE: u32;
const NONE = 0xffffffffu;
const EXTENT_WORDS = 6u;

// Bounds that only grow, so that zeros start them: left and top are counted from the right and from below.
struct Core {
  left: atomic<u32>,
  top: atomic<u32>,
  right: atomic<u32>,
  bottom: atomic<u32>,
}

@group(0) @binding(0) var<uniform> content: vec2u;
@group(0) @binding(1) var<storage, read> parents: array<u32>;
@group(0) @binding(2) var<storage, read> masses: array<u32>;
// The first word of each object's is its heaviest mass; see fathomDown.wgsl.
@group(0) @binding(3) var<storage, read> extents: array<u32>;
@group(0) @binding(4) var<storage, read_write> cores: array<Core>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let root = parents[(id.z * MASK_SIDE + id.y) * MASK_SIDE + id.x];
  if (any(id.xy >= content) || root == NONE || masses[root] != extents[id.z * EXTENT_WORDS]) {
    return;
  }
  atomicMax(&cores[id.z].left, MASK_SIDE - id.x);
  atomicMax(&cores[id.z].top, MASK_SIDE - id.y);
  atomicMax(&cores[id.z].right, id.x + 1);
  atomicMax(&cores[id.z].bottom, id.y + 1);
}
