// How far each pixel is, in its column of the rectangle, from the nearest on the other side of the edge; one pixel more than the reach where it is
// farther. What is beyond the rectangle is on no side.

@group(0) @binding(1) var<storage, read> shape: array<f32>;
@group(0) @binding(2) var<storage, read_write> distances: array<u32>;

fn isOther(x: u32, y: i32, side: bool) -> bool {
  return y >= 0 && y < i32(area.size.y) && (shape[indexOf(x, u32(y))] > 0.5) != side;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let at = indexOf(id.x, id.y);
  let side = shape[at] > 0.5;
  let most = i32(ceil(area.reach));
  var distance = 1;
  while (distance <= most
    && !isOther(id.x, i32(id.y) - distance, side)
    && !isOther(id.x, i32(id.y) + distance, side)) {
    distance++;
  }
  distances[at] = u32(distance);
}
