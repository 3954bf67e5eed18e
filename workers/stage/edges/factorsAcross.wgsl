// For each pixel the sums of the factors over the row of a square round it.

@group(0) @binding(1) var<storage, read> factors: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> sums: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let side = sideRound(id.x, area.size.x);
  var sum = vec4f(0);
  for (var x = side.x; x <= side.y; x++) {
    sum += factors[indexOf(x, id.y)];
  }
  sums[indexOf(id.x, id.y)] = sum;
}
