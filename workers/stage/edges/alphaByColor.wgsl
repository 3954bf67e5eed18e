// Betters alpha near an edge by colours, and mixes it with the mask. Its twins on the CPU: alphaByColor (core/edges/colorAlpha.ts) and alphaOf.

override noise: f32;
override caution: f32;
override strictness: f32;

@group(0) @binding(2) var picture: texture_2d<f32>;
@group(0) @binding(3) var<storage, read> cells: array<Cell>;
@group(0) @binding(4) var<storage, read> trust: array<f32>;
@group(0) @binding(5) var<storage, read_write> soft: array<f32>;

fn varianceOf(side: vec4f) -> f32 {
  return max(0, side.a - dot(side.rgb, side.rgb));
}

// How much a pixel's colour says, and what.
fn byColor(pixel: vec2u) -> vec2f {
  let sides = sidesAt(pixel);
  let way = sides.object.rgb - sides.ground.rgb;
  let contrast = dot(way, way);
  let variance = varianceOf(sides.object) + varianceOf(sides.ground);
  let clarity = contrast / (contrast + noise * noise + caution * variance);
  let color = 255 * textureLoad(picture, area.corner + pixel, 0).rgb;
  return vec2f(pow(clarity, strictness), likeness(sides, color));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let at = indexOf(id.x, id.y);
  // Where it is 0, alpha is that of the mask.
  let near = trust[at];
  if (near == 0) {
    return;
  }
  var share = soft[at];
  if (hasSides()) {
    let found = byColor(id.xy);
    share += near * found.x * (found.y - share);
  }
  let covered = f32(isObject(vec2i(area.corner + id.xy)));
  soft[at] = covered + area.strength * (share - covered);
}
