// Which of an object and its rival each cell belongs to that both their masks claim. Its twin on the CPU: settleMasks (contest.ts).

override SMALLEST_GUESS: u32;
override LEAST_RIVAL_IOU: f32;

struct Settling {
  cells: u32,
  favour: f32,
  // What a logit of a mask prompt counts for beside one of a mask.
  promptWeight: f32,
  unused: u32,
}

struct Extent {
  heaviest: u32,
  area: u32,
}

@group(0) @binding(0) var<uniform> settling: Settling;
@group(0) @binding(1) var<storage, read_write> own: array<f32>;
@group(0) @binding(2) var<storage, read_write> other: array<f32>;
@group(0) @binding(3) var<storage, read> ownPrompt: array<f32>;
@group(0) @binding(4) var<storage, read> otherPrompt: array<f32>;
@group(0) @binding(5) var<storage, read> ownExtent: Extent;
@group(0) @binding(6) var<storage, read> otherExtent: Extent;
@group(0) @binding(7) var<storage, read> otherIous: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let cell = id.x;
  // What nobody asked the decoder for means nothing.
  let asked = min(ownExtent.area, otherExtent.area) >= SMALLEST_GUESS;
  if (cell >= settling.cells || !asked || otherIous[0] < LEAST_RIVAL_IOU) {
    return;
  }
  if (own[cell] <= 0 || other[cell] <= 0) {
    return;
  }
  let guessed = settling.promptWeight * (ownPrompt[cell] - otherPrompt[cell]);
  if (own[cell] - other[cell] + guessed + settling.favour >= 0) {
    other[cell] = -other[cell];
  } else {
    own[cell] = -own[cell];
  }
}
