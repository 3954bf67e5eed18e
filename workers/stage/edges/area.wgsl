// What the kernels of soft edges share: the rectangle of a frame that they work on, pixel by pixel, row by row.

struct Area {
  // In the frame, in its pixels.
  corner: vec2u,
  size: vec2u,
  frame: vec2u,
  // Where alpha is kept of more than the rectangle: the rectangle's corner in that, and how long its rows are.
  alphaCorner: vec2u,
  alphaWidth: u32,
  // The mask's number among those of the stage.
  mask: u32,
  // Means are those of squares of 2·radius + 1 pixels a side, as far as they are in the rectangle.
  radius: u32,
  // The cell of the coarsest grid of colours.
  lastCell: u32,
  // How far from the edge a pixel may be partly of the object, and how much that counts against the mask.
  reach: f32,
  strength: f32,
}

@group(0) @binding(0) var<uniform> area: Area;

// Pixels of a column that one invocation does, where a sum goes along with it.
const ROWS = 16u;

fn isBeyond(pixel: vec2u) -> bool {
  return any(pixel >= area.size);
}

fn indexOf(x: u32, y: u32) -> u32 {
  return y * area.size.x + x;
}

// The first and the last pixel of a square's side, of a row or column of the rectangle.
fn sideRound(place: u32, length: u32) -> vec2u {
  return vec2u(place - min(place, area.radius), min(length - 1, place + area.radius));
}

fn lengthOf(side: vec2u) -> u32 {
  return side.y - side.x + 1;
}
