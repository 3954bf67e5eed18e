// A frame as an encoder's input: resized into its top left by a triangle filter as wide as the reduction,
// normalised, the rest zero. Planes of red, green and blue. Its twin on the CPU: toEncoderInput (tracker/input/resize.ts).

struct Fit {
  // Of the normalisation, for values from 0 to 255; the fourth is not used.
  mean: vec4f,
  inverseDeviation: vec4f,
  // Pixels of the frame, model pixels that it covers, and those of the input.
  video: vec2u,
  content: vec2u,
  input: vec2u,
}

@group(0) @binding(0) var<uniform> fit: Fit;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read_write> prepared: array<f32>;

// Pixel centres are at half integers.
fn weight(pixel: u32, centre: f32, radius: f32) -> f32 {
  return max(0.0, 1.0 - abs((f32(pixel) + 0.5 - centre) / radius));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= fit.input.x || id.y >= fit.input.y) {
    return;
  }
  var value = vec3f(0.0);
  if (id.x < fit.content.x && id.y < fit.content.y) {
    let scale = vec2f(fit.video) / vec2f(fit.content);
    let radius = max(vec2f(1.0), scale);
    let centre = (vec2f(id.xy) + 0.5) * scale;
    let first = vec2u(max(vec2f(0.0), floor(centre - radius + 0.5)));
    let end = min(fit.video, vec2u(floor(centre + radius + 0.5)));
    var sum = vec3f(0.0);
    var total = 0.0;
    for (var y = first.y; y < end.y; y++) {
      let down = weight(y, centre.y, radius.y);
      for (var x = first.x; x < end.x; x++) {
        let share = down * weight(x, centre.x, radius.x);
        sum += share * textureLoad(picture, vec2u(x, y), 0).rgb;
        total += share;
      }
    }
    value = (255.0 * sum / total - fit.mean.rgb) * fit.inverseDeviation.rgb;
  }
  let plane = fit.input.x * fit.input.y;
  let at = id.y * fit.input.x + id.x;
  prepared[at] = value.r;
  prepared[plane + at] = value.g;
  prepared[2 * plane + at] = value.b;
}
