// Small holes of masks, filled: 8-connected background of at most 8 cells that does not touch the border. Each cell of
// the background looks for its own hole, and gives up at one cell too many. Its twin on the CPU: fillHoles (tracker/masks/holes.ts).

const MOST = 8u;
const FILLING = 0.1;

struct Size {
  side: u32,
  masks: u32,
}

@group(0) @binding(0) var<uniform> size: Size;
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read_write> filled: array<f32>;

fn isHole(mask: u32, x: u32, y: u32) -> bool {
  let side = size.side;
  var cells: array<vec2u, 9>;
  cells[0] = vec2u(x, y);
  var count = 1u;
  for (var next = 0u; next < count; next++) {
    let cell = cells[next];
    if (cell.x == 0u || cell.y == 0u || cell.x + 1u == side || cell.y + 1u == side) {
      return false;
    }
    for (var step = 0u; step < 9u; step++) {
      let near = cell + vec2u(step % 3u, step / 3u) - 1u;
      if (given[(mask * side + near.y) * side + near.x] > 0.0) {
        continue;
      }
      var isKnown = false;
      for (var i = 0u; i < count; i++) {
        isKnown = isKnown || all(cells[i] == near);
      }
      if (isKnown) {
        continue;
      }
      if (count > MOST - 1u) {
        return false;
      }
      cells[count] = near;
      count++;
    }
  }
  return true;
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= size.side || id.y >= size.side * size.masks) {
    return;
  }
  let at = id.y * size.side + id.x;
  let logit = given[at];
  if (logit <= 0.0 && isHole(id.y / size.side, id.x, id.y % size.side)) {
    filled[at] = FILLING;
  } else {
    filled[at] = logit;
  }
}
