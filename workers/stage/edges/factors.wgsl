// For each pixel's square the linear function of the frame's colours that is nearest to the mask: three factors and an offset. Its twin on the
// CPU: guidedFilter (core/edges/guidedFilter.ts).

// How much colours must vary, squared, of channels from 0 to 1.
override regularization: f32;

// Sums over the rows of squares, as moments.wgsl has them.
@group(0) @binding(1) var<storage, read> colors: array<vec4u>;
@group(0) @binding(2) var<storage, read> squares: array<vec4u>;
@group(0) @binding(3) var<storage, read> moreSquares: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> factors: array<vec4f>;

struct Sums {
  // Red, green, blue, and the mask.
  colors: vec4u,
  // The mask times red, green, blue.
  masked: vec3u,
  squares: vec4u,
  moreSquares: vec2u,
}

fn sumsAt(at: u32) -> Sums {
  let packed = colors[at];
  let low = packed.xyz & vec3u(0xffff);
  let high = packed.xyz >> vec3u(16);
  return Sums(
    vec4u(low.x, high.x, low.y, high.y),
    vec3u(low.z, high.z, packed.w),
    squares[at],
    moreSquares[at],
  );
}

fn plus(a: Sums, b: Sums) -> Sums {
  return Sums(a.colors + b.colors, a.masked + b.masked, a.squares + b.squares, a.moreSquares + b.moreSquares);
}

fn minus(a: Sums, b: Sums) -> Sums {
  return Sums(a.colors - b.colors, a.masked - b.masked, a.squares - b.squares, a.moreSquares - b.moreSquares);
}

fn factorsOf(sums: Sums, pixels: f32) -> vec4f {
  let color = vec3f(sums.colors.rgb) / (255 * pixels);
  let covered = f32(sums.colors.a) / pixels;
  let square = vec4f(sums.squares) / (65025 * pixels);
  let more = vec2f(sums.moreSquares) / (65025 * pixels);
  let rr = square.x - color.r * color.r + regularization;
  let rg = square.y - color.r * color.g;
  let rb = square.z - color.r * color.b;
  let gg = square.w - color.g * color.g + regularization;
  let gb = more.x - color.g * color.b;
  let bb = more.y - color.b * color.b + regularization;
  let masked = vec3f(sums.masked) / (255 * pixels) - color * covered;
  // The symmetric matrix as L·D·Lᵀ: its inverse by the adjugate would lose the digits that gray pictures need.
  let gr = rg / rr;
  let br = rb / rr;
  let dg = gg - gr * rg;
  let bg = (gb - br * rg) / dg;
  let db = bb - br * rb - bg * bg * dg;
  let down = vec3f(masked.r, masked.g - gr * masked.r, 0);
  let blue = (masked.b - br * down.r - bg * down.g) / db;
  let green = down.g / dg - bg * blue;
  let red = down.r / rr - gr * green - br * blue;
  let factor = vec3f(red, green, blue);
  return vec4f(factor, covered - dot(factor, color));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let top = id.y * ROWS;
  if (isBeyond(vec2u(id.x, top))) {
    return;
  }
  let across = lengthOf(sideRound(id.x, area.size.x));
  var sums = Sums();
  var last = sideRound(top, area.size.y);
  for (var y = last.x; y <= last.y; y++) {
    sums = plus(sums, sumsAt(indexOf(id.x, y)));
  }
  for (var y = top; y < min(top + ROWS, area.size.y); y++) {
    let side = sideRound(y, area.size.y);
    if (side.x > last.x) {
      sums = minus(sums, sumsAt(indexOf(id.x, last.x)));
    }
    if (side.y > last.y) {
      sums = plus(sums, sumsAt(indexOf(id.x, side.y)));
    }
    last = side;
    factors[indexOf(id.x, y)] = factorsOf(sums, f32(across * lengthOf(side)));
  }
}
