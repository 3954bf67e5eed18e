// Joins what the spans of each search found (attendSpans.wgsl): the probability of each cell that was asked, and its best score.

struct Search {
  // Cells that were asked.
  queries: u32,
  // Where the parts of its first span start, and how many spans there are; they follow each other.
  part: u32,
  spans: u32,
  // Where probabilities and best scores go.
  probability: u32,
  best: u32,
}

// See attendSpans.wgsl.
struct Part {
  best: f32,
  sum: f32,
  labelled: f32,
}

@group(0) @binding(0) var<storage, read> searches: array<Search>;
@group(0) @binding(1) var<storage, read> parts: array<Part>;
@group(0) @binding(2) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let search = searches[id.y];
  if (id.x >= search.queries) {
    return;
  }
  var all = parts[search.part + id.x];
  for (var span = 1u; span < search.spans; span++) {
    let part = parts[search.part + span * search.queries + id.x];
    let best = max(all.best, part.best);
    let weights = vec2f(exp(all.best - best), exp(part.best - best));
    all.sum = dot(weights, vec2f(all.sum, part.sum));
    all.labelled = dot(weights, vec2f(all.labelled, part.labelled));
    all.best = best;
  }
  values[search.probability + id.x] = all.labelled / all.sum;
  values[search.best + id.x] = all.best;
}
