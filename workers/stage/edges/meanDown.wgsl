// The means over the columns of squares of means over their rows.

@group(0) @binding(1) var<storage, read> means: array<f32>;
@group(0) @binding(2) var<storage, read_write> soft: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let top = id.y * ROWS;
  if (isBeyond(vec2u(id.x, top))) {
    return;
  }
  var sum = 0.0;
  var last = sideRound(top, area.size.y);
  for (var y = last.x; y <= last.y; y++) {
    sum += means[indexOf(id.x, y)];
  }
  for (var y = top; y < min(top + ROWS, area.size.y); y++) {
    let side = sideRound(y, area.size.y);
    if (side.x > last.x) {
      sum -= means[indexOf(id.x, last.x)];
    }
    if (side.y > last.y) {
      sum += means[indexOf(id.x, side.y)];
    }
    last = side;
    soft[indexOf(id.x, y)] = sum / f32(lengthOf(side));
  }
}
