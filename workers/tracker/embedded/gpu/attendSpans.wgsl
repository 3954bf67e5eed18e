// Attention from the queries of each search to spans of its keys, without a matrix of scores: a workgroup goes through the keys of a span for 64
// queries, tile by tile, and keeps of each query the best score, the sum of weights relative to that, and the sum of weights times labels.
// joinSpans.wgsl joins a search's spans. Source: FlashAttention (Dao et al., 2022), for values of one channel. Its twin on the CPU is a graph:
// ATTENTION (memoryAttention.ts).

// Vectors in a row, and those of them that are compared; the next one starts with the label.
override ROW: u32;
override COMPARED: u32;
const TILE = 64u;
// A workgroup is a square of 16 by 16 lanes: across keys, and down queries. Each lane has four of both, 16 apart.
const SIDE = 16u;
const LANES = SIDE * SIDE;
// Vectors of each row that are loaded together: one of a query and one of a key by each lane.
const STEP = LANES / TILE;
// Below every score, but far from the least number: compilers may scale what they take the exponential of.
const LOWEST = -1e30;

struct Span {
  query: u32,
  queries: u32,
  key: u32,
  keys: u32,
  // Where what is found for the first query goes.
  part: u32,
}

// Best score, sum of weights, sum of weighted labels.
struct Part {
  best: f32,
  sum: f32,
  labelled: f32,
}

@group(0) @binding(0) var<storage, read> spans: array<Span>;
@group(0) @binding(1) var<storage, read> queries: array<vec4f>;
@group(0) @binding(2) var<storage, read> keys: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> parts: array<Part>;

// By vector and row while scores are made; then the lanes' bests and sums.
var<workgroup> queryTile: array<vec4f, LANES>;
var<workgroup> keyTile: array<vec4f, LANES>;
var<workgroup> labelled: array<vec4f, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let span = spans[group.y];
  let firstQuery = group.x * TILE;
  if (firstQuery >= span.queries) {
    return;
  }
  let across = lane % SIDE;
  let down = lane / SIDE;
  // What this lane loads. Behind the last row, the last row is loaded again.
  let vector = lane % STEP;
  let slot = vector * TILE + lane / STEP;
  let queryRow = (span.query + min(firstQuery + lane / STEP, span.queries - 1)) * ROW;
  // Of the lane's four queries.
  var best = vec4f(LOWEST);
  var sum = vec4f(0);
  var found = vec4f(0);
  for (var firstKey = 0u; firstKey < span.keys; firstKey += TILE) {
    let keyRow = (span.key + min(firstKey + lane / STEP, span.keys - 1)) * ROW;
    // By key, of the four queries.
    var scores = mat4x4f();
    for (var first = 0u; first < COMPARED; first += STEP) {
      workgroupBarrier();
      let isCompared = first + vector < COMPARED;
      queryTile[slot] = select(vec4f(0), queries[queryRow + first + vector], isCompared);
      keyTile[slot] = select(vec4f(0), keys[keyRow + first + vector], isCompared);
      workgroupBarrier();
      for (var row = 0u; row < LANES; row += TILE) {
        let query = row + down;
        let key = row + across;
        let four = mat4x4f(
          queryTile[query], queryTile[query + SIDE], queryTile[query + 2 * SIDE], queryTile[query + 3 * SIDE],
        );
        scores[0] += keyTile[key] * four;
        scores[1] += keyTile[key + SIDE] * four;
        scores[2] += keyTile[key + 2 * SIDE] * four;
        scores[3] += keyTile[key + 3 * SIDE] * four;
      }
    }
    for (var i = 0u; i < 4; i++) {
      let key = firstKey + across + i * SIDE;
      if (key < span.keys) {
        let most = max(best, scores[i]);
        let before = exp(best - most);
        let weight = exp(scores[i] - most);
        sum = sum * before + weight;
        found = found * before + weight * keys[(span.key + key) * ROW + COMPARED].x;
        best = most;
      }
    }
  }
  workgroupBarrier();
  queryTile[lane] = best;
  keyTile[lane] = sum;
  labelled[lane] = found;
  workgroupBarrier();
  // Lanes join what others found, one for each query.
  if (lane < TILE && firstQuery + lane < span.queries) {
    let first = lane % SIDE * SIDE;
    let i = lane / SIDE;
    var all = Part(LOWEST, 0, 0);
    for (var other = first; other < first + SIDE; other++) {
      all.best = max(all.best, queryTile[other][i]);
    }
    for (var other = first; other < first + SIDE; other++) {
      let weight = exp(queryTile[other][i] - all.best);
      all.sum += weight * keyTile[other][i];
      all.labelled += weight * labelled[other][i];
    }
    parts[span.part + firstQuery + lane] = all;
  }
}
