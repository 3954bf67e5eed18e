// The decoder's mask without what lies beside the frame, and what speaks for and against it. One workgroup does it. Its twins on
// the CPU: EmbeddedDecoder (decoder.ts), summariseGuess (memoryAttention.ts) and iouOfPositive (cpuTracking.ts).

override MASK_SIDE: u32;
override BACKGROUND: f32;
override TEMPERATURE: f32;
const LANES = 256u;

struct Asked {
  // Mask cells that the frame covers.
  content: vec2u,
  // Cells of the frame that were asked for a guess.
  queries: u32,
}

struct Extent {
  heaviest: u32,
  area: u32,
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

@group(0) @binding(0) var<uniform> asked: Asked;
@group(0) @binding(1) var<storage, read> guess: array<f32>;
@group(0) @binding(2) var<storage, read> best: array<f32>;
@group(0) @binding(3) var<storage, read> prompt: array<f32>;
@group(0) @binding(4) var<storage, read> extent: Extent;
@group(0) @binding(5) var<storage, read> masks: array<f32>;
@group(0) @binding(6) var<storage, read> ious: array<f32>;
@group(0) @binding(7) var<storage, read_write> logits: array<f32>;
@group(0) @binding(8) var<storage, read_write> evidence: Evidence;

// Of the guess: its greatest probability, their sum, and that of how well the cells resemble memories, each times its probability.
var<workgroup> guesses: array<vec3f, LANES>;
// Of the mask cells: those of both, of either, of the mask.
var<workgroup> counts: array<vec3u, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var found = vec3f(0.0);
  for (var query = lane; query < asked.queries; query += LANES) {
    let p = guess[query];
    found = vec3f(max(found.x, p), found.y + p, found.z + p * best[query] * TEMPERATURE);
  }
  guesses[lane] = found;
  var count = vec3u(0);
  for (var cell = lane; cell < MASK_SIDE * MASK_SIDE; cell += LANES) {
    let isInside = cell % MASK_SIDE < asked.content.x && cell / MASK_SIDE < asked.content.y;
    let logit = select(BACKGROUND, masks[cell], isInside);
    logits[cell] = logit;
    let inMask = logit > 0;
    let inGuess = prompt[cell] > 0;
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
    evidence = Evidence(
      f32(extent.area), all.x, select(0, all.z / all.y, all.y > 0),
      ious[0], max(ious[1], max(ious[2], ious[3])),
      cells.x, cells.y, cells.z,
    );
  }
}
