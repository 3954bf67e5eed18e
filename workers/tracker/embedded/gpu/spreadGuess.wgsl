// A guess as logits on the decoder's mask grid, enlarged by the cubic kernel of PyTorch and ONNX (a = −0.75), and as mask prompt;
// each cell that is likely the object's is a component of its own. One object after the other. Its twins on the CPU: guessLogits (guess.ts) and
// enlargeCubic (enlargeCubic.ts).

override MASK_SIDE: u32;
override FACTOR: u32;
// Logit of a cell that is surely not the object's; the bound on either side.
override NOT_OBJECT: f32;
override LEAST_PROBABILITY: f32;
override OBJECT_LOGIT: f32;
override MASK_PROMPT_SCALE: f32;
const NONE = 0xffffffffu;

struct Guess {
  // The cells that were asked.
  start: vec2u,
  size: vec2u,
  // Where their probabilities start.
  first: u32,
  unused: u32,
}

struct Asked {
  // Cells of the frame, and mask cells that it covers.
  grid: vec2u,
  content: vec2u,
  guesses: array<Guess>,
}

@group(0) @binding(0) var<storage, read> asked: Asked;
@group(0) @binding(1) var<storage, read> probabilities: array<f32>;
@group(0) @binding(2) var<storage, read_write> logits: array<f32>;
@group(0) @binding(3) var<storage, read_write> prompt: array<f32>;
@group(0) @binding(4) var<storage, read_write> parents: array<u32>;
@group(0) @binding(5) var<storage, read_write> masses: array<u32>;

fn coarse(guess: Guess, cell: vec2i) -> f32 {
  let within = vec2u(clamp(cell, vec2i(0), vec2i(asked.grid) - 1));
  // A cell before the window wraps to one far behind it.
  let at = within - guess.start;
  if (any(at >= guess.size)) {
    return NOT_OBJECT;
  }
  let p = probabilities[guess.first + at.y * guess.size.x + at.x];
  if (p <= 0) {
    return NOT_OBJECT;
  }
  let clamped = clamp(p, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
  return log(clamped / (1 - clamped));
}

fn near(d: f32) -> f32 {
  return (1.25 * d - 2.25) * d * d + 1;
}

fn far(d: f32) -> f32 {
  return ((-0.75 * d + 3.75) * d - 6) * d + 3;
}

fn weights(t: f32) -> vec4f {
  return vec4f(far(t + 1), near(t), near(1 - t), far(2 - t));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let cell = (id.z * MASK_SIDE + id.y) * MASK_SIDE + id.x;
  let guess = asked.guesses[id.z];
  var logit = NOT_OBJECT;
  if (all(id.xy < min(asked.content, asked.grid * FACTOR))) {
    let source = (vec2f(id.xy) + 0.5) / f32(FACTOR) - 0.5;
    let first = floor(source);
    let across = weights(source.x - first.x);
    let down = weights(source.y - first.y);
    var sum = 0.0;
    for (var y = 0; y < 4; y++) {
      var row = 0.0;
      for (var x = 0; x < 4; x++) {
        row += across[x] * coarse(guess, vec2i(first) + vec2i(x, y) - 1);
      }
      sum += down[y] * row;
    }
    logit = clamp(sum, NOT_OBJECT, -NOT_OBJECT);
  }
  logits[cell] = logit;
  prompt[cell] = logit * MASK_PROMPT_SCALE;
  parents[cell] = select(NONE, cell, logit > OBJECT_LOGIT);
  masses[cell] = 0;
}
