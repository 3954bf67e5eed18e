// The decoder's points: up to three cells deep inside the object and far from each other, the two corners of a box that is
// slightly larger, and room for one that is not the object's (avoidPoint.wgsl). What is not there is labelled so. One workgroup does an
// object's. Its twins on the CPU: innerCells and promptsFromGuess (guess.ts).

override MASK_SIDE: u32;
// Model pixels for each mask cell.
override MASK_CELL: f32;
override BOX_PADDING: f32;
override APART: f32;
override SURE: f32;
override ABSENT_LABEL: f32;
override OBJECT_LABEL: f32;
override TOP_LEFT_LABEL: f32;
override BOTTOM_RIGHT_LABEL: f32;
const MAX_POINTS = 3u;
// Three inside, two corners, one that is avoided.
const POINTS = MAX_POINTS + 3;
const LANES = 256u;

// As fathomDown.wgsl leaves it.
struct Extent {
  heaviest: u32,
  area: u32,
  left: u32,
  top: u32,
  right: u32,
  bottom: u32,
}

@group(0) @binding(0) var<uniform> content: vec2u;
@group(0) @binding(1) var<storage, read> worth: array<f32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> extents: array<Extent>;
@group(0) @binding(4) var<storage, read_write> coords: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> labels: array<f32>;

var<workgroup> values: array<f32, LANES>;
var<workgroup> cells: array<u32, LANES>;
var<workgroup> chosen: array<u32, MAX_POINTS>;

fn placeOf(cell: u32) -> vec2f {
  return vec2f(f32(cell % MASK_SIDE), f32(cell / MASK_SIDE));
}

// Whether a further point may lie on the cell.
fn isFit(object: u32, cell: u32, points: u32) -> bool {
  let at = object * MASK_SIDE * MASK_SIDE + cell;
  if (1 / (1 + exp(-logits[at])) <= SURE) {
    return false;
  }
  let apart = APART * APART * f32(extents[object].area);
  for (var point = 0u; point < points; point++) {
    let way = placeOf(cell) - placeOf(chosen[point]);
    if (dot(way, way) < apart) {
      return false;
    }
  }
  return true;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let object = group.x;
  let plane = object * MASK_SIDE * MASK_SIDE;
  let own = object * POINTS;
  for (var point = 0u; point < MAX_POINTS; point++) {
    var value = 0.0;
    var at = 0u;
    for (var cell = lane; cell < MASK_SIDE * MASK_SIDE; cell += LANES) {
      if (worth[plane + cell] > value && (point == 0 || isFit(object, cell, point))) {
        value = worth[plane + cell];
        at = cell;
      }
    }
    values[lane] = value;
    cells[lane] = at;
    workgroupBarrier();
    for (var half = LANES / 2; half > 0; half /= 2) {
      if (lane < half) {
        let other = lane + half;
        // At a tie the first, as in the order of the cells.
        if (values[other] > values[lane] || (values[other] == values[lane] && cells[other] < cells[lane])) {
          values[lane] = values[other];
          cells[lane] = cells[other];
        }
      }
      workgroupBarrier();
    }
    if (lane == 0) {
      chosen[point] = cells[0];
      coords[own + point] = (placeOf(cells[0]) + 0.5) * MASK_CELL;
      labels[own + point] = select(ABSENT_LABEL, OBJECT_LABEL, values[0] > 0);
    }
    workgroupBarrier();
  }
  if (lane == 0) {
    let extent = extents[object];
    let first = vec2f(f32(MASK_SIDE - extent.left), f32(MASK_SIDE - extent.top));
    let end = vec2f(f32(extent.right), f32(extent.bottom));
    let padding = (end - first) * BOX_PADDING;
    coords[own + MAX_POINTS] = max(vec2f(0.0), first - padding) * MASK_CELL;
    coords[own + MAX_POINTS + 1] = min(vec2f(content), end + padding) * MASK_CELL;
    labels[own + MAX_POINTS] = TOP_LEFT_LABEL;
    labels[own + MAX_POINTS + 1] = BOTTOM_RIGHT_LABEL;
    coords[own + MAX_POINTS + 2] = vec2f(0);
    labels[own + MAX_POINTS + 2] = ABSENT_LABEL;
  }
}
