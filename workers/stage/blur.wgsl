// One direction of a Gaussian blur, onto a target that may be smaller than the picture.

struct Blur {
  // Pixels of the target, and the step from one sample to the next in them: (1, 0) or (0, 1).
  size: vec2f,
  step: vec2f,
  // Standard deviation in pixels of the target.
  deviation: f32,
}

@group(0) @binding(2) var<uniform> blur: Blur;

@fragment
fn spread(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let radius = ceil(3 * blur.deviation);
  var sum = vec3f(0);
  var total = 0.0;
  for (var offset = -radius; offset <= radius; offset += 1) {
    let distance = offset / blur.deviation;
    let weight = exp(-0.5 * distance * distance);
    sum += weight * pictureOver((at.xy + offset * blur.step) / blur.size, 1 / blur.size);
    total += weight;
  }
  return vec4f(sum / total, 1);
}
