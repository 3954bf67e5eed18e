// The decoder's mask without what lies beside the frame, and what speaks for and against it. One workgroup does an object's. Its twins on
// the CPU: EmbeddedDecoder (decoder.ts), summariseGuess (memoryAttention.ts) and iouOfPositive (grid.ts).

override MASK_SIDE: u32;
override BACKGROUND: f32;
override TEMPERATURE: f32;
const MASKS = 4u;
const LANES = 256u;

struct Guess {
  // Cells of the frame that were asked, and where their probabilities and best scores start.
  queries: u32,
  probability: u32,
  best: u32,
  unused: u32,
}

struct Asked {
  // Mask cells that the frame covers.
  content: vec2u,
  guesses: array<Guess>,
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

struct Evidence {
  // Mask cells of the guess that carry weight.
  guessArea: f32,
  bestProbability: f32,
  peak: f32,
  // Predicted IoU of the mask, and the best one of the other three.
  predictedIou: f32,
  readingIou: f32,
  // Mask cells that guess and mask have both, or either of them, and those of the mask.
  both: f32,
  either: f32,
  area: f32,
}

@group(0) @binding(0) var<storage, read> asked: Asked;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> prompts: array<f32>;
@group(0) @binding(3) var<storage, read> extents: array<Extent>;
// Four of each object.
@group(0) @binding(4) var<storage, read> masks: array<f32>;
@group(0) @binding(5) var<storage, read> ious: array<f32>;
@group(0) @binding(6) var<storage, read_write> logits: array<f32>;
@group(0) @binding(7) var<storage, read_write> evidence: array<Evidence>;

// Of the guess: its greatest probability, their sum, and that of how well the cells resemble memories, each times its probability.
var<workgroup> guesses: array<vec3f, LANES>;
// Of the mask cells: those of both, of either, of the mask.
var<workgroup> counts: array<vec3u, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let object = group.x;
  let guess = asked.guesses[object];
  let plane = object * MASK_SIDE * MASK_SIDE;
  var found = vec3f(0.0);
  for (var query = lane; query < guess.queries; query += LANES) {
    let p = values[guess.probability + query];
    found = vec3f(max(found.x, p), found.y + p, found.z + p * values[guess.best + query] * TEMPERATURE);
  }
  guesses[lane] = found;
  var count = vec3u(0);
  for (var cell = lane; cell < MASK_SIDE * MASK_SIDE; cell += LANES) {
    let isInside = cell % MASK_SIDE < asked.content.x && cell / MASK_SIDE < asked.content.y;
    let logit = select(BACKGROUND, masks[MASKS * plane + cell], isInside);
    logits[plane + cell] = logit;
    let inMask = logit > 0;
    let inGuess = prompts[plane + cell] > 0;
    count += select(vec3u(0), vec3u(1), vec3<bool>(inMask && inGuess, inMask || inGuess, inMask));
  }
  counts[lane] = count;
  workgroupBarrier();
  for (var half = LANES / 2; half > 0; half /= 2) {
    if (lane < half) {
      let other = guesses[lane + half];
      guesses[lane] = vec3f(max(guesses[lane].x, other.x), guesses[lane].yz + other.yz);
      counts[lane] += counts[lane + half];
    }
    workgroupBarrier();
  }
  if (lane == 0) {
    let all = guesses[0];
    let cells = vec3f(counts[0]);
    let iou = MASKS * object;
    evidence[object] = Evidence(
      f32(extents[object].area), all.x, select(0, all.z / all.y, all.y > 0),
      ious[iou], max(ious[iou + 1], max(ious[iou + 2], ious[iou + 3])),
      cells.x, cells.y, cells.z,
    );
  }
}
