// Which of several objects each cell belongs to: the highest logit wins, the others are lowered to its negative; owners keep
// what they have. Its twin on the CPU: separateLogits (tracker/masks/separate.ts).

struct Masks {
  cells: u32,
  claims: u32,
  owners: u32,
}

@group(0) @binding(0) var<uniform> masks: Masks;
// The claims, then the owners' logits.
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read_write> separated: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let cell = id.x;
  if (cell >= masks.cells) {
    return;
  }
  var best = 0.0;
  for (var i = 0u; i < masks.owners; i++) {
    best = max(best, given[(masks.claims + i) * masks.cells + cell]);
  }
  let isOwned = best > 0.0;
  var winner = masks.claims;
  if (!isOwned) {
    for (var i = 0u; i < masks.claims; i++) {
      let logit = given[i * masks.cells + cell];
      if (logit > best) {
        best = logit;
        winner = i;
      }
    }
  }
  for (var i = 0u; i < masks.claims; i++) {
    let at = i * masks.cells + cell;
    let logit = given[at];
    if (best > 0.0 && i != winner && logit > -best) {
      separated[at] = -best;
    } else {
      separated[at] = logit;
    }
  }
}
