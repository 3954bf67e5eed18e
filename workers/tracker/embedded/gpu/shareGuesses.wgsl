// Shares the cells that several guesses claim, among all of them at once. Of a guess that was not known before only what the others do not
// claim is left. Within a pair, each cell is surely of one. Its twin on the CPU: shareGuesses (contest.ts).

override SPREAD: f32;
override REACH: i32;
override MOST_LEAD: f32;
override MOST_LEAD_IN_PAIR: f32;
const NONE = 0xffffffffu;

// A contest as one of the two sees it.
struct Side {
  // First cell and size of what each was asked.
  ownWindow: vec4u,
  otherWindow: vec4u,
  // Left, top, right and bottom of where each was.
  ownPlace: vec4f,
  otherPlace: vec4f,
  // Where probabilities and best scores start, and where what is left of its own goes.
  own: u32,
  ownBest: u32,
  other: u32,
  otherBest: u32,
  left: u32,
  // 1 where both were known before; where both places are known; within a pair.
  known: u32,
  placed: u32,
  pair: u32,
  // 1 for the first and the last side of its guess.
  first: u32,
  last: u32,
  unused: vec2u,
}

// Those of each guess one after the other.
@group(0) @binding(0) var<storage, read> sides: array<Side>;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;

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

// How much more a cell is its own than the other's by place and surroundings, as log-odds.
fn leadOf(side: Side, cell: vec2i) -> f32 {
  var sum = 0.0;
  var total = 0.0;
  for (var dy = -REACH; dy <= REACH; dy++) {
    for (var dx = -REACH; dx <= REACH; dx++) {
      let near = cell + vec2i(dx, dy);
      let i = indexIn(side.ownWindow, near);
      let j = indexIn(side.otherWindow, near);
      if (i == NONE || j == NONE) {
        continue;
      }
      let weight = exp(-f32(dx * dx + dy * dy) / (2 * SPREAD * SPREAD)) * (values[side.own + i] + values[side.other + j]);
      sum += weight * (values[side.ownBest + i] - values[side.otherBest + j]);
      total += weight;
    }
  }
  let isPair = side.pair == 1;
  let point = vec2f(cell) + 0.5;
  let toPlaces = squaredDistance(point, side.otherPlace) - squaredDistance(point, side.ownPlace);
  let toCentres = squaredDistanceToCentre(point, side.otherPlace) - squaredDistanceToCentre(point, side.ownPlace);
  let nearer = select(0, select(toPlaces, toCentres, isPair), side.placed == 1);
  let most = select(MOST_LEAD, MOST_LEAD_IN_PAIR, isPair);
  return clamp(sum / max(total, 1e-6) + nearer / (2 * SPREAD * SPREAD), -most, most);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let cell = vec2i(id.xy);
  var side = sides[id.z];
  let mine = indexIn(side.ownWindow, cell);
  if (side.first == 0 || mine == NONE) {
    return;
  }
  let own = values[side.own + mine];
  var claimed = own;
  var kept = 0.0;
  var paired = own;
  for (var i = id.z; ; i++) {
    side = sides[i];
    let theirs = indexIn(side.otherWindow, cell);
    let other = select(0, values[side.other + min(theirs, arrayLength(&values) - 1 - side.other)], theirs != NONE);
    if (own > 0 && other > 0) {
      if (side.known == 0) {
        kept += other;
      } else {
        claimed += other * exp(-leadOf(side, cell));
      }
      paired += other * f32(side.pair);
    }
    if (side.last == 1) {
      break;
    }
  }
  let share = own / max(claimed, 1e-30);
  let left = select(min(own, share), min(1, paired) * share, paired > own);
  values[side.left + mine] = max(0, left - kept);
}
