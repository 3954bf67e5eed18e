// Masks in the clip's pixels from logits on a grid: bilinear, object where positive, one bit a pixel. Bits are in the order of
// COCO's run lengths, down each column and columns from left to right, the lowest bit of a word first. Each invocation makes
// a word of 32 pixels. Its twin on the CPU: logitsToMask (tracker/masks/videoMask.ts).

struct Fit {
  // Grid cells for each pixel, across and down.
  scale: vec2f,
  // The part of the grid that the frame covers, in cells.
  covered: vec2u,
  // The clip's frames, in pixels.
  video: vec2u,
  side: u32,
  // Words of a mask.
  words: u32,
}

@group(0) @binding(0) var<uniform> fit: Fit;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> bits: array<u32>;

// As the twin computes it: where two objects share an edge, the sum of their logits stays exactly zero.
fn between(a: f32, b: f32, share: f32) -> f32 {
  return a + share * (b - a);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let word = id.x;
  let mask = id.y;
  if (word >= fit.words) {
    return;
  }
  let first = mask * fit.side * fit.side;
  let last = vec2f(fit.covered) - 1.0;
  let pixels = fit.video.x * fit.video.y;
  var packed = 0u;
  for (var bit = 0u; bit < 32u; bit++) {
    let pixel = word * 32u + bit;
    if (pixel >= pixels) {
      break;
    }
    let place = vec2u(pixel / fit.video.y, pixel % fit.video.y);
    let at = clamp((vec2f(place) + 0.5) * fit.scale - 0.5, vec2f(0.0), last);
    let low = vec2u(floor(at));
    let high = min(low + 1u, fit.covered - 1u);
    let share = at - floor(at);
    let upper = first + low.y * fit.side;
    let lower = first + high.y * fit.side;
    let a = between(logits[upper + low.x], logits[upper + high.x], share.x);
    let b = between(logits[lower + low.x], logits[lower + high.x], share.x);
    if (between(a, b, share.y) > 0.0) {
      packed |= 1u << bit;
    }
  }
  bits[mask * fit.words + word] = packed;
}
