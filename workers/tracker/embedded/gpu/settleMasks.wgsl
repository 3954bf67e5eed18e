// Which of two each cell belongs to that both their masks claim: one contest after the other, each cell by itself. Its twin on the CPU:
// settleMasks (contest.ts).

override CELLS: u32;
// What the logits of a mask prompt are multiplied by.
override MASK_PROMPT_SCALE: f32;
const MASKS = 4u;

struct Settling {
  // Which of the objects they are.
  own: u32,
  other: u32,
  favour: f32,
}

// As fathomDown.wgsl leaves it.
struct Extent {
  heaviest: u32,
  area: u32,
  left: u32,
  top: u32,
  right: u32,
  bottom: u32,
}

@group(0) @binding(0) var<storage, read> settlings: array<Settling>;
// Four of each object.
@group(0) @binding(1) var<storage, read_write> masks: array<f32>;
@group(0) @binding(2) var<storage, read> prompts: array<f32>;
@group(0) @binding(3) var<storage, read> extents: array<Extent>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let cell = id.x;
  for (var i = 0u; i < arrayLength(&settlings); i++) {
    let settling = settlings[i];
    // What nobody asked the decoder for means nothing.
    let asked = min(extents[settling.own].area, extents[settling.other].area) > 0;
    if (cell >= CELLS || !asked) {
      continue;
    }
    let ownCell = MASKS * settling.own * CELLS + cell;
    let otherCell = MASKS * settling.other * CELLS + cell;
    let own = masks[ownCell];
    let other = masks[otherCell];
    if (own <= 0 || other <= 0) {
      continue;
    }
    let apart = prompts[settling.own * CELLS + cell] - prompts[settling.other * CELLS + cell];
    if (own - other + apart / MASK_PROMPT_SCALE + settling.favour >= 0) {
      masks[otherCell] = -other;
    } else {
      masks[ownCell] = -own;
    }
  }
}
