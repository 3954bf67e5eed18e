// Moves an edge by the reach: outwards, or inwards. Its twin on the CPU: shape (core/edges/edges.ts).

@group(0) @binding(3) var<storage, read_write> grown: array<f32>;
// Whether the object grows; else it shrinks.
@group(0) @binding(4) var<uniform> grows: u32;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let side = isIn(id.xy);
  let isMoved = side != (grows == 1) && isNear(id.xy);
  grown[indexOf(id.x, id.y)] = f32(side != isMoved);
}
