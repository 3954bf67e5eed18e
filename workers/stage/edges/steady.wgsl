// Near the edge, a pixel goes with most of three frames. Its twin on the CPU: steadyMask (core/edges/steady.ts).

@group(0) @binding(3) var<storage, read_write> steadied: array<f32>;
@group(0) @binding(4) var masks: texture_2d_array<u32>;
// The numbers of the object's masks of the frames before and after, moved onto this one.
@group(0) @binding(5) var<uniform> beside: vec2u;

fn isInMask(mask: u32, place: vec2u) -> u32 {
  return (textureLoad(masks, place, mask / 32, 0).r >> (mask % 32)) & 1;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let place = area.corner + id.xy;
  let own = u32(isIn(id.xy));
  let votes = own + isInMask(beside.x, place) + isInMask(beside.y, place);
  steadied[indexOf(id.x, id.y)] = select(f32(own), f32(votes >= 2), isNear(id.xy));
}
