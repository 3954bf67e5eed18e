// Shares the cells that the guesses of an object and of its rival both claim. Of a rival that was not known before
// only what the object does not claim is left. Within a pair, each cell is surely of one. Its twin on the CPU: shareGuesses (contest.ts).

override SPREAD: f32;
override REACH: i32;
override MOST_LEAD: f32;
override MOST_LEAD_IN_PAIR: f32;
const NONE = 0xffffffffu;

struct Contest {
  // First cell and size of what each was asked.
  ownWindow: vec4u,
  otherWindow: vec4u,
  // Left, top, right and bottom of where each was.
  ownPlace: vec4f,
  otherPlace: vec4f,
  grid: vec2u,
  // 1 where both places are known.
  placed: f32,
  // 1 where the rival was known before.
  known: f32,
  // 1 within a pair.
  pair: f32,
}

@group(0) @binding(0) var<uniform> contest: Contest;
@group(0) @binding(1) var<storage, read> own: array<f32>;
@group(0) @binding(2) var<storage, read> ownBest: array<f32>;
@group(0) @binding(3) var<storage, read> other: array<f32>;
@group(0) @binding(4) var<storage, read> otherBest: array<f32>;
@group(0) @binding(5) var<storage, read_write> ownShare: array<f32>;
@group(0) @binding(6) var<storage, read_write> otherShare: array<f32>;

// Where a cell is among those of a window; NONE outside.
fn indexIn(window: vec4u, cell: vec2i) -> u32 {
  // A cell before the window wraps to one far behind it.
  let at = vec2u(cell) - window.xy;
  return select(NONE, at.y * window.z + at.x, all(at < window.zw));
}

fn squaredDistance(point: vec2f, place: vec4f) -> f32 {
  let outside = max(vec2f(0), max(place.xy - point, point - place.zw));
  return dot(outside, outside);
}

fn squaredDistanceToCentre(point: vec2f, place: vec4f) -> f32 {
  let way = point - (place.xy + place.zw) / 2;
  return dot(way, way);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= contest.grid)) {
    return;
  }
  let cell = vec2i(id.xy);
  let mine = indexIn(contest.ownWindow, cell);
  let theirs = indexIn(contest.otherWindow, cell);
  let p = select(0, own[min(mine, arrayLength(&own) - 1)], mine != NONE);
  let q = select(0, other[min(theirs, arrayLength(&other) - 1)], theirs != NONE);
  var left = vec2f(p, q);
  if (contest.known == 0) {
    left.y = max(0, q - p);
  } else if (p > 0 && q > 0) {
    var sum = 0.0;
    var total = 0.0;
    for (var dy = -REACH; dy <= REACH; dy++) {
      for (var dx = -REACH; dx <= REACH; dx++) {
        let near = cell + vec2i(dx, dy);
        let i = indexIn(contest.ownWindow, near);
        let j = indexIn(contest.otherWindow, near);
        if (i == NONE || j == NONE) {
          continue;
        }
        let weight = exp(-f32(dx * dx + dy * dy) / (2 * SPREAD * SPREAD)) * (own[i] + other[j]);
        sum += weight * (ownBest[i] - otherBest[j]);
        total += weight;
      }
    }
    let point = vec2f(cell) + 0.5;
    let pair = contest.pair == 1;
    let toPlaces = squaredDistance(point, contest.otherPlace) - squaredDistance(point, contest.ownPlace);
    let toCentres = squaredDistanceToCentre(point, contest.otherPlace) - squaredDistanceToCentre(point, contest.ownPlace);
    let nearer = select(toPlaces, toCentres, pair);
    let lead = sum / max(total, 1e-6) + contest.placed * nearer / (2 * SPREAD * SPREAD);
    let most = select(MOST_LEAD, MOST_LEAD_IN_PAIR, pair);
    let claim = p * exp(clamp(lead, -most, most));
    let shares = vec2f(claim, q) / (claim + q);
    left = select(min(left, shares), min(1, p + q) * shares, pair);
  }
  if (mine != NONE) {
    ownShare[mine] = left.x;
  }
  if (theirs != NONE) {
    otherShare[theirs] = left.y;
  }
}
