// The means of alpha over the rows of squares. Its twin on the CPU: boxMean (core/edges/boxMean.ts).

@group(0) @binding(1) var<storage, read> soft: array<f32>;
@group(0) @binding(2) var<storage, read_write> means: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let side = sideRound(id.x, area.size.x);
  var sum = 0.0;
  for (var x = side.x; x <= side.y; x++) {
    sum += soft[indexOf(x, id.y)];
  }
  means[indexOf(id.x, id.y)] = sum / f32(lengthOf(side));
}
