// Lays the alpha of an object, in steps of 8 bits, over that of others: where two meet, the larger counts. Its twin on the CPU: layAlpha
// (core/edges/objectsAlpha.ts).

@group(0) @binding(1) var<storage, read> soft: array<f32>;
@group(0) @binding(2) var<storage, read_write> alpha: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let place = area.corner + id.xy;
  let at = place.y * area.frame.x + place.x;
  alpha[at] = max(alpha[at], floor(255 * soft[indexOf(id.x, id.y)] + 0.5) / 255);
}
