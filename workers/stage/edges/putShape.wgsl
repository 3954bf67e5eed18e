// Puts a shape in the place of a mask, for the layer that it is in, and notes its bounds.

@group(0) @binding(1) var<storage, read> shape: array<f32>;
@group(0) @binding(2) var<storage, read_write> words: array<u32>;
// How far the object reaches from the frame's right and bottom edge, and from its left and top one; 0 where there is none. Four for each mask.
@group(0) @binding(3) var<storage, read_write> bounds: array<atomic<u32>>;

fn isIn(x: u32, y: u32) -> bool {
  return shape[indexOf(x, y)] > 0.5;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy) || !isIn(id.x, id.y)) {
    return;
  }
  let place = area.corner + id.xy;
  words[place.y * area.frame.x + place.x] |= 1u << (area.mask % 32);
  let first = 4 * area.mask;
  // Pixels at an edge say it all.
  if (id.x == 0 || !isIn(id.x - 1, id.y)) {
    atomicMax(&bounds[first], area.frame.x - place.x);
  }
  if (id.y == 0 || !isIn(id.x, id.y - 1)) {
    atomicMax(&bounds[first + 1], area.frame.y - place.y);
  }
  if (id.x + 1 == area.size.x || !isIn(id.x + 1, id.y)) {
    atomicMax(&bounds[first + 2], place.x + 1);
  }
  if (id.y + 1 == area.size.y || !isIn(id.x, id.y + 1)) {
    atomicMax(&bounds[first + 3], place.y + 1);
  }
}
