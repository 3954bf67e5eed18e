// The mask that is worked on, as the stage has it: see unfoldMasks.wgsl.

@group(0) @binding(1) var masks: texture_2d_array<u32>;

// Beyond the frame is what is at its edge.
fn isObject(pixel: vec2i) -> bool {
  let inFrame = clamp(pixel, vec2i(0), vec2i(area.frame) - 1);
  return ((textureLoad(masks, inFrame, area.mask / 32, 0).r >> (area.mask % 32)) & 1) == 1;
}
