// Alpha as the mask has it.

@group(0) @binding(2) var<storage, read_write> soft: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  soft[indexOf(id.x, id.y)] = f32(isObject(vec2i(area.corner + id.xy)));
}
