// The objects of a frame alone, premultiplied: in pixels that are partly of them without the colours of what is behind. Its twin on the CPU:
// cutOut (core/edges/cutOut.ts).

@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read> cells: array<Cell>;
@group(0) @binding(3) var<storage, read> alpha: array<f32>;
@group(0) @binding(4) var objects: texture_storage_2d<rgba8unorm, write>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= area.frame)) {
    return;
  }
  let share = alpha[id.y * area.frame.x + id.x];
  var color = round(255 * textureLoad(picture, id.xy, 0).rgb);
  let isNear = all(id.xy >= area.corner) && !isBeyond(id.xy - min(id.xy, area.corner));
  if (isNear && share > 0 && share < 1 && hasSides()) {
    let sides = sidesAt(id.xy - area.corner);
    let own = sides.object.rgb;
    let other = sides.ground.rgb;
    // Where an edge was blurred, a pixel may be more like the object than its share: less of the background is in it then.
    let mixed = max(share, likeness(sides, color));
    color = clamp(round(own + share * (color - other - mixed * (own - other))), vec3f(0), vec3f(255));
  }
  textureStore(objects, id.xy, vec4f(share * color / 255, share));
}
