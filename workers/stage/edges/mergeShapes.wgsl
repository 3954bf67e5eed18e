// A layer of masks with shapes in the place of some.

struct Layer {
  size: vec2u,
  number: u32,
  // A bit for each mask of the layer that has a shape.
  shaped: u32,
}

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var masks: texture_2d_array<u32>;
@group(0) @binding(2) var<storage, read> words: array<u32>;
@group(0) @binding(3) var merged: texture_storage_2d_array<r32uint, write>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= layer.size)) {
    return;
  }
  let kept = textureLoad(masks, id.xy, layer.number, 0).r & ~layer.shaped;
  textureStore(merged, id.xy, layer.number, vec4u(kept | words[id.y * layer.size.x + id.x]));
}
