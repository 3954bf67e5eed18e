// What the shaders of the stage share: a triangle that covers the target, and a picture read at any size.

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var bilinear: sampler;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  return vec4f(f32(index & 1) * 4 - 1, f32(index >> 1) * 4 - 1, 0, 1);
}

// A sample is the mean of two pixels each way, so this many a side are enough for pixels 16 times as large.
const MOST_SAMPLES = 8.0;

// The mean of a texture over a rectangle, in shares of its width and height.
fn meanOver(pixels: texture_2d<f32>, centre: vec2f, extent: vec2f) -> vec4f {
  let samples = clamp(ceil(extent * vec2f(textureDimensions(pixels)) / 2), vec2f(1), vec2f(MOST_SAMPLES));
  var sum = vec4f(0);
  for (var y = 0.5; y < samples.y; y += 1) {
    for (var x = 0.5; x < samples.x; x += 1) {
      let place = centre + (vec2f(x, y) / samples - 0.5) * extent;
      sum += textureSampleLevel(pixels, bilinear, place, 0);
    }
  }
  return sum / (samples.x * samples.y);
}

fn pictureOver(centre: vec2f, extent: vec2f) -> vec3f {
  return meanOver(picture, centre, extent).rgb;
}
