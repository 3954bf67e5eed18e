// How much of a pixel may change. Its twin on the CPU: trustNear (core/edges/edges.ts).

@group(0) @binding(2) var<storage, read> distances: array<u32>;
@group(0) @binding(3) var<storage, read_write> trust: array<f32>;

// The squared distance to the other side of the edge, of the pixels of a column that is `across` away.
fn distanceBy(pixel: vec2i, across: i32, side: bool) -> i32 {
  let x = pixel.x + across;
  if (x < 0 || x >= i32(area.size.x)) {
    return 0x7fffffff;
  }
  let isOther = isObject(vec2i(area.corner) + vec2i(x, pixel.y)) != side;
  let down = select(i32(distances[indexOf(u32(x), u32(pixel.y))]), 0, isOther);
  return across * across + down * down;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let pixel = vec2i(id.xy);
  let side = isObject(vec2i(area.corner) + pixel);
  var least = distanceBy(pixel, 0, side);
  for (var across = 1; across * across < least; across++) {
    least = min(least, min(distanceBy(pixel, -across, side), distanceBy(pixel, across, side)));
  }
  trust[indexOf(id.x, id.y)] = saturate(2 - 2 * sqrt(f32(least)) / area.reach);
}
