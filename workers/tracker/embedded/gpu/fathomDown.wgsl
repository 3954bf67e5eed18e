// Keeps the components that carry weight, as far as they lie near the heaviest one, and takes the others out of its mask prompt. Measures their area
// and bounds, and each cell's distance to the nearest other cell of its column; the outside counts as other. Its twins on the CPU: mainComponents and
// leaveOut (guess.ts), and distanceTransform (shape.ts).

override MASK_SIDE: u32;
// The mask prompt's logit of a cell that is left out.
override LEFT_OUT: f32;
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

struct Guess {
  // Of the heaviest component's mass: those that weigh less are left out.
  componentShare: f32,
  // Cells round the heaviest one's box, beyond which others are left out. A guess whose parts may be anywhere has as many as the grid, and stays whole
  // as mask prompt.
  around: f32,
}

struct Asked {
  content: vec2u,
  guesses: array<Guess>,
}

@group(0) @binding(0) var<storage, read> asked: Asked;
@group(0) @binding(1) var<storage, read> parents: array<u32>;
@group(0) @binding(2) var<storage, read> masses: array<u32>;
// Left and top of the heaviest one, counted from the right and from below, and its right and bottom; see boundHeaviest.wgsl.
@group(0) @binding(3) var<storage, read> cores: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> extents: array<Extent>;
@group(0) @binding(5) var<storage, read_write> depths: array<u32>;
@group(0) @binding(6) var<storage, read_write> prompt: array<f32>;

fn isKept(object: u32, x: u32, y: i32) -> bool {
  if (y < 0 || y >= i32(asked.content.y)) {
    return false;
  }
  let root = parents[(object * MASK_SIDE + u32(y)) * MASK_SIDE + x];
  let guess = asked.guesses[object];
  if (root == NONE || f32(masses[root]) <= guess.componentShare * f32(extents[object].heaviest)) {
    return false;
  }
  let cell = vec2f(f32(x), f32(y));
  let first = f32(MASK_SIDE) - vec2f(cores[object].xy) - guess.around;
  return all(cell >= first) && all(cell < vec2f(cores[object].zw) + guess.around);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let object = id.z;
  let y = i32(id.y);
  let cell = (object * MASK_SIDE + id.y) * MASK_SIDE + id.x;
  var depth = 0;
  if (id.x < asked.content.x && isKept(object, id.x, y)) {
    depth = 1;
    while (isKept(object, id.x, y - depth) && isKept(object, id.x, y + depth)) {
      depth++;
    }
    atomicAdd(&extents[object].area, 1);
    atomicMax(&extents[object].left, MASK_SIDE - id.x);
    atomicMax(&extents[object].top, MASK_SIDE - id.y);
    atomicMax(&extents[object].right, id.x + 1);
    atomicMax(&extents[object].bottom, id.y + 1);
  } else if (parents[cell] != NONE && asked.guesses[object].around < f32(MASK_SIDE)) {
    prompt[cell] = LEFT_OUT;
  }
  depths[cell] = u32(depth);
}
