// The squared distance of a pixel to the nearest on the other side of the edge, as far as it is within the reach.

@group(0) @binding(1) var<storage, read> shape: array<f32>;
@group(0) @binding(2) var<storage, read> distances: array<u32>;

fn isIn(pixel: vec2u) -> bool {
  return shape[indexOf(pixel.x, pixel.y)] > 0.5;
}

fn distanceBy(pixel: vec2u, across: i32, side: bool) -> i32 {
  let x = i32(pixel.x) + across;
  if (x < 0 || x >= i32(area.size.x)) {
    return 0x7fffffff;
  }
  let place = vec2u(u32(x), pixel.y);
  let down = select(i32(distances[indexOf(place.x, place.y)]), 0, isIn(place) != side);
  return across * across + down * down;
}

fn isNear(pixel: vec2u) -> bool {
  let side = isIn(pixel);
  var least = distanceBy(pixel, 0, side);
  for (var across = 1; across * across < least; across++) {
    least = min(least, min(distanceBy(pixel, -across, side), distanceBy(pixel, across, side)));
  }
  return f32(least) <= area.reach * area.reach;
}
