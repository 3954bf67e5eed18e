// Alpha by a guided filter: each pixel's colour in the mean of the functions of the squares round it, as far as it is near the edge. Its twin on
// the CPU: detailed (core/edges/edges.ts).

@group(0) @binding(2) var picture: texture_2d<f32>;
// Over the rows of squares.
@group(0) @binding(3) var<storage, read> sums: array<vec4f>;
@group(0) @binding(4) var<storage, read> trust: array<f32>;
@group(0) @binding(5) var<storage, read_write> soft: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let top = id.y * ROWS;
  if (isBeyond(vec2u(id.x, top))) {
    return;
  }
  let across = lengthOf(sideRound(id.x, area.size.x));
  var sum = vec4f(0);
  var last = sideRound(top, area.size.y);
  for (var y = last.x; y <= last.y; y++) {
    sum += sums[indexOf(id.x, y)];
  }
  for (var y = top; y < min(top + ROWS, area.size.y); y++) {
    let side = sideRound(y, area.size.y);
    if (side.x > last.x) {
      sum -= sums[indexOf(id.x, last.x)];
    }
    if (side.y > last.y) {
      sum += sums[indexOf(id.x, side.y)];
    }
    last = side;
    let at = indexOf(id.x, y);
    let place = area.corner + vec2u(id.x, y);
    let color = textureLoad(picture, place, 0).rgb;
    let factor = sum / f32(across * lengthOf(side));
    let covered = f32(isObject(vec2i(place)));
    soft[at] = covered + trust[at] * (saturate(dot(factor.rgb, color) + factor.a) - covered);
  }
}
