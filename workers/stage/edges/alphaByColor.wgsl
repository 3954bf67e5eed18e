// Betters alpha near an edge by colours. Its twin on the CPU: alphaByColor (core/edges/colorAlpha.ts).

override noise: f32;
override caution: f32;
override strictness: f32;

@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read> cells: array<Cell>;
@group(0) @binding(3) var<storage, read> trust: array<f32>;
@group(0) @binding(4) var<storage, read_write> soft: array<f32>;

fn varianceOf(side: vec4f) -> f32 {
  return max(0, side.a - dot(side.rgb, side.rgb));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy) || !hasSides()) {
    return;
  }
  let at = indexOf(id.x, id.y);
  let near = trust[at];
  if (near == 0) {
    return;
  }
  let sides = sidesAt(id.xy);
  let way = sides.object.rgb - sides.ground.rgb;
  let contrast = dot(way, way);
  let variance = varianceOf(sides.object) + varianceOf(sides.ground);
  let clarity = contrast / (contrast + noise * noise + caution * variance);
  let color = 255 * textureLoad(picture, area.corner + id.xy, 0).rgb;
  soft[at] += near * pow(clarity, strictness) * (likeness(sides, color) - soft[at]);
}
