// Joins likely cells that touch, corners included, to components: a union-find whose parents only ever become smaller, so that
// threads may meet in any order. Source: Playne and Hawick, A New Algorithm for Parallel Connected-Component Labelling on GPUs,
// 2018. Its twin on the CPU: connectedComponents (shape.ts).

override MASK_SIDE: u32;
const NONE = 0xffffffffu;

@group(0) @binding(0) var<uniform> content: vec2u;
@group(0) @binding(1) var<storage, read_write> parents: array<atomic<u32>>;

fn rootOf(cell: u32) -> u32 {
  var root = cell;
  loop {
    let parent = atomicLoad(&parents[root]);
    if (parent == root) {
      return root;
    }
    root = parent;
  }
}

fn unite(a: u32, b: u32) {
  var larger = a;
  var smaller = b;
  loop {
    larger = rootOf(larger);
    smaller = rootOf(smaller);
    if (larger == smaller) {
      return;
    }
    if (larger < smaller) {
      let swapped = larger;
      larger = smaller;
      smaller = swapped;
    }
    // Another thread may have given the root a parent meanwhile, which is then to be joined as well.
    let before = atomicMin(&parents[larger], smaller);
    if (before == larger) {
      return;
    }
    larger = before;
  }
}

// Joins the cell and another, if that is a likely one.
fn uniteWith(plane: u32, cell: u32, x: i32, y: i32) -> bool {
  if (x < 0 || y < 0 || x >= i32(content.x)) {
    return false;
  }
  let other = plane + u32(y) * MASK_SIDE + u32(x);
  if (atomicLoad(&parents[other]) == NONE) {
    return false;
  }
  unite(cell, other);
  return true;
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= content)) {
    return;
  }
  let plane = id.z * MASK_SIDE * MASK_SIDE;
  let cell = plane + id.y * MASK_SIDE + id.x;
  if (atomicLoad(&parents[cell]) == NONE) {
    return;
  }
  let x = i32(id.x);
  let y = i32(id.y);
  // Neighbours that touch each other are joined by themselves.
  if (uniteWith(plane, cell, x, y - 1)) {
    return;
  }
  if (!uniteWith(plane, cell, x - 1, y)) {
    uniteWith(plane, cell, x - 1, y - 1);
  }
  uniteWith(plane, cell, x + 1, y - 1);
}
