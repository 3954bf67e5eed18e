// For each pixel the sums, over the row of a square round it, of what a guided filter needs: of red, green and blue, of the mask, and of the
// products of any two. They are whole numbers, so that no sum is rounded. Two that are below 65536 share a word.

@group(0) @binding(2) var picture: texture_2d<f32>;
// red, green · blue, mask · mask × red, mask × green · mask × blue
@group(0) @binding(3) var<storage, read_write> colors: array<vec4u>;
// red², red × green, red × blue, green²
@group(0) @binding(4) var<storage, read_write> squares: array<vec4u>;
// green × blue, blue²
@group(0) @binding(5) var<storage, read_write> moreSquares: array<vec2u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (isBeyond(id.xy)) {
    return;
  }
  let side = sideRound(id.x, area.size.x);
  var sums = vec4u(0);
  var products = vec4u(0);
  var moreProducts = vec2u(0);
  for (var x = side.x; x <= side.y; x++) {
    let place = area.corner + vec2u(x, id.y);
    let color = vec3u(round(255 * textureLoad(picture, place, 0).rgb));
    let inMask = u32(isObject(vec2i(place)));
    sums += vec4u(
      color.r | (color.g << 16),
      color.b | (inMask << 16),
      inMask * (color.r | (color.g << 16)),
      inMask * color.b,
    );
    products += vec4u(color.r * color, color.g * color.g);
    moreProducts += color.b * color.gb;
  }
  let at = indexOf(id.x, id.y);
  colors[at] = sums;
  squares[at] = products;
  moreSquares[at] = moreProducts;
}
