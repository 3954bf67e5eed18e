// Colours of the pixels that are wholly of one side, summed up for each cell of the finest grid.

// A pixel's share counts by a power of it: that of 2 to this.
override squarings: u32;

@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read> alpha: array<f32>;
@group(0) @binding(3) var<storage, read_write> cells: array<Cell>;

fn pure(share: f32) -> f32 {
  var power = share;
  for (var i = 0u; i < squarings; i++) {
    power *= power;
  }
  return power;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let columns = (area.size.x + cellSide - 1) / cellSide;
  let corner = id.xy * cellSide;
  if (isBeyond(corner)) {
    return;
  }
  let end = min(area.size, corner + cellSide);
  var cell = Cell();
  for (var y = corner.y; y < end.y; y++) {
    for (var x = corner.x; x < end.x; x++) {
      let color = round(255 * textureLoad(picture, area.corner + vec2u(x, y), 0).rgb);
      let values = vec4f(color, dot(color, color));
      let share = round(255 * alpha[(area.alphaCorner.y + y) * area.alphaWidth + area.alphaCorner.x + x]) / 255;
      let weights = vec2f(pure(share), pure(1 - share));
      cell.object += weights.x * values;
      cell.ground += weights.y * values;
      cell.weights += weights;
    }
  }
  cells[id.y * columns + id.x] = cell;
}
