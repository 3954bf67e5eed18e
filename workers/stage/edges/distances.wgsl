// How far each pixel is, in its column, from the nearest that is on the other side of the edge; one pixel more than the reach where it is farther.

@group(0) @binding(2) var<storage, read_write> distances: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let place = vec2i(area.corner + id.xy);
  let side = isObject(place);
  let most = i32(ceil(area.reach));
  var distance = 1;
  while (distance <= most
    && isObject(place - vec2i(0, distance)) == side
    && isObject(place + vec2i(0, distance)) == side) {
    distance++;
  }
  distances[indexOf(id.x, id.y)] = u32(distance);
}
