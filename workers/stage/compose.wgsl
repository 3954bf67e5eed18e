// One canvas of the stage: the frame, its masks, and what is behind them. Its twin on the CPU: MaskRaster (core/maskRaster.ts).

// What there is outside the masks.
const GROUND_FRAME = 0u;
const GROUND_BLURRED = 1u;
const GROUND_COLOR = 2u;
const GROUND_CHECKER = 3u;

// What is drawn where the masks are.
const FILL_STYLE = 0u;
const FILL_FRAME = 1u;
const FILL_WHITE = 2u;
const FILL_NOTHING = 3u;

struct Scene {
  // The part of the frame that shows, in shares of it: corner, size.
  partCorner: vec2f,
  partSize: vec2f,
  // Of the canvas, in pixels.
  size: vec2f,
  ground: u32,
  fill: u32,
  background: vec3f,
  masks: u32,
  // In pixels of the canvas.
  outline: f32,
  hatchPeriod: f32,
  tile: f32,
  isCrisp: u32,
  blurZoom: f32,
  isSoft: u32,
}

struct Style {
  color: vec3f,
  fill: f32,
  hatched: u32,
}

@group(0) @binding(2) var<uniform> scene: Scene;
@group(0) @binding(3) var<storage, read> styles: array<Style>;
@group(0) @binding(4) var masks: texture_2d_array<u32>;
@group(0) @binding(5) var blurred: texture_2d<f32>;
// The objects alone, premultiplied, where edges are soft.
@group(0) @binding(6) var cutOut: texture_2d<f32>;

// As a look of the page has them, in its style sheet.
const LIGHT_TILE = vec3f(236, 238, 242) / 255;
const DARK_TILE = vec3f(200, 202, 208) / 255;

// How much of its colour a hatched mask has between the stripes: its fill, its outline.
const GAP = 0.25;
const SOFT_LINE = 0.35;

// The masks at the four pixels round a place, and what each pixel counts there. A crisp frame has one that counts.
struct Corners {
  bits: vec4u,
  weights: vec4f,
}

// Beyond the frame is what is at its edge: the frame's border is no outline.
fn bitsAt(pixel: vec2f, layer: u32) -> u32 {
  let last = vec2i(textureDimensions(masks)) - 1;
  return textureLoad(masks, clamp(vec2i(pixel), vec2i(0), last), layer, 0).r;
}

fn cornersAt(place: vec2f, layer: u32) -> Corners {
  if (scene.isCrisp == 1) {
    return Corners(vec4u(bitsAt(floor(place), layer), 0, 0, 0), vec4f(1, 0, 0, 0));
  }
  let corner = floor(place - 0.5);
  let share = place - 0.5 - corner;
  let bits = vec4u(
    bitsAt(corner, layer),
    bitsAt(corner + vec2f(1, 0), layer),
    bitsAt(corner + vec2f(0, 1), layer),
    bitsAt(corner + vec2f(1, 1), layer),
  );
  let across = vec4f(1 - share.x, share.x, 1 - share.x, share.x);
  let down = vec4f(1 - share.y, 1 - share.y, share.y, share.y);
  return Corners(bits, across * down);
}

// Pixels of the canvas for each pixel of the masks.
fn enlargement() -> vec2f {
  return scene.size / (scene.partSize * vec2f(textureDimensions(masks)));
}

// How much of a pixel of the canvas is covered, from the four corners' values: an edge is one pixel of the canvas wide.
fn covered(corners: Corners, inside: vec4u) -> f32 {
  let share = dot(corners.weights, vec4f(inside));
  return saturate((share - 0.5) * max(1.0, enlargement().x) + 0.5);
}

fn coveredBy(corners: Corners, bit: u32) -> f32 {
  return covered(corners, (corners.bits >> vec4u(bit)) & vec4u(1));
}

fn coveredByAny(place: vec2f) -> f32 {
  var all = Corners();
  for (var layer = 0u; layer * 32 < scene.masks; layer++) {
    let corners = cornersAt(place, layer);
    all = Corners(all.bits | corners.bits, corners.weights);
  }
  return covered(all, min(all.bits, vec4u(1)));
}

const ROUND = array<vec2f, 8>(
  vec2f(1, 0), vec2f(0.7071, 0.7071), vec2f(0, 1), vec2f(-0.7071, 0.7071),
  vec2f(-1, 0), vec2f(-0.7071, -0.7071), vec2f(0, -1), vec2f(0.7071, -0.7071),
);

// How much of a pixel that is inside is outline: whether there is an outside as near as the outline is wide.
fn outlined(place: vec2f, layer: u32, bit: u32) -> f32 {
  let reach = scene.outline / enlargement();
  var least = 1.0;
  for (var i = 0; i < 8; i++) {
    least = min(least, coveredBy(cornersAt(place + reach * ROUND[i], layer), bit));
  }
  return 1 - least;
}

// All masks in their styles, premultiplied. A later mask takes the place of an earlier one.
fn styled(place: vec2f, at: vec2f) -> vec4f {
  let isStripe = fract(floor(at.x + at.y - 1) / scene.hatchPeriod) < 0.5;
  var color = vec4f(0);
  for (var layer = 0u; layer * 32 < scene.masks; layer++) {
    let corners = cornersAt(place, layer);
    var left = corners.bits.x | corners.bits.y | corners.bits.z | corners.bits.w;
    while (left != 0) {
      let bit = firstTrailingBit(left);
      left &= left - 1;
      let style = styles[32 * layer + bit];
      let isGap = style.hatched == 1 && !isStripe;
      let fill = style.fill * select(1, GAP, isGap);
      let alpha = mix(fill, select(1, SOFT_LINE, isGap), outlined(place, layer, bit));
      color = mix(color, vec4f(style.color * alpha, alpha), coveredBy(corners, bit));
    }
  }
  return color;
}

// A texture as large as the frame is drawn, or its own pixels.
fn shownAt(pixels: texture_2d<f32>, share: vec2f) -> vec4f {
  let size = vec2f(textureDimensions(pixels));
  if (scene.isCrisp == 1) {
    return textureLoad(pixels, vec2u(clamp(share * size, vec2f(0), size - 1)), 0);
  }
  return meanOver(pixels, share, scene.partSize / scene.size);
}

fn frameAt(share: vec2f) -> vec3f {
  return shownAt(picture, share).rgb;
}

// The objects alone, premultiplied.
fn objectsAt(share: vec2f, place: vec2f) -> vec4f {
  if (scene.isSoft == 1) {
    return shownAt(cutOut, share);
  }
  return vec4f(frameAt(share), 1) * coveredByAny(place);
}

fn groundAt(share: vec2f, at: vec2f) -> vec3f {
  switch (scene.ground) {
    case GROUND_BLURRED: {
      return textureSampleLevel(blurred, bilinear, 0.5 + (share - 0.5) / scene.blurZoom, 0).rgb;
    }
    case GROUND_COLOR: {
      return scene.background;
    }
    case GROUND_CHECKER: {
      let corner = scene.partCorner / scene.partSize * scene.size;
      let tile = vec2u((corner + at) / scene.tile);
      return select(DARK_TILE, LIGHT_TILE, (tile.x + tile.y) % 2 == 0);
    }
    default: {
      return frameAt(share);
    }
  }
}

@fragment
fn compose(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let at = position.xy;
  let share = scene.partCorner + at / scene.size * scene.partSize;
  let place = share * vec2f(textureDimensions(masks));
  let ground = groundAt(share, at);
  switch (scene.fill) {
    case FILL_STYLE: {
      let color = styled(place, at);
      return vec4f(ground * (1 - color.a) + color.rgb, 1);
    }
    case FILL_FRAME: {
      let objects = objectsAt(share, place);
      return vec4f(ground * (1 - objects.a) + objects.rgb, 1);
    }
    case FILL_WHITE: {
      return vec4f(mix(ground, vec3f(1), objectsAt(share, place).a), 1);
    }
    default: {
      return vec4f(ground, 1);
    }
  }
}
