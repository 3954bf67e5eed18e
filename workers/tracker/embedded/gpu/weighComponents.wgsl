// Names each cell's component by its first cell, and adds up its probabilities, in fractions of 2¹⁵: integers can be added by
// many threads, and those of a whole mask grid stay below 2³². Its twin on the CPU: mainComponents (guess.ts).

override MASK_SIDE: u32;
const NONE = 0xffffffffu;
const UNIT = 32768.0;
const EXTENT_WORDS = 6u;

@group(0) @binding(0) var<uniform> content: vec2u;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> parents: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> masses: array<atomic<u32>>;
// The first word of each object's is its heaviest mass; see fathomDown.wgsl.
@group(0) @binding(4) var<storage, read_write> extents: array<atomic<u32>>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= content)) {
    return;
  }
  let cell = (id.z * MASK_SIDE + id.y) * MASK_SIDE + id.x;
  var root = atomicLoad(&parents[cell]);
  if (root == NONE) {
    return;
  }
  loop {
    let parent = atomicLoad(&parents[root]);
    if (parent == root) {
      break;
    }
    root = parent;
  }
  atomicStore(&parents[cell], root);
  let mass = u32(round(UNIT / (1 + exp(-logits[cell]))));
  // Masses only grow: the largest that any thread sees is the heaviest component's.
  atomicMax(&extents[id.z * EXTENT_WORDS], atomicAdd(&masses[root], mass) + mass);
}
