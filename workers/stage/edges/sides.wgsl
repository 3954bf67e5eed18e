// The two sides' colours at a pixel of the rectangle.

fn sidesAt(pixel: vec2u) -> Cell {
  let grid = Grid((area.size + cellSide - 1) / cellSide, 0);
  return colorsAt(grid, (vec2f(pixel) + 0.5) / f32(cellSide) - 0.5);
}

// Whether at least a pixel is wholly of the object, and one is not of it at all.
fn hasSides() -> bool {
  return all(cells[area.lastCell].weights >= vec2f(1));
}

// How far a colour is on the way from the background's to the object's.
fn likeness(sides: Cell, color: vec3f) -> f32 {
  let way = sides.object.rgb - sides.ground.rgb;
  let contrast = dot(way, way);
  if (contrast == 0) {
    return 0;
  }
  return saturate(dot(way, color - sides.ground.rgb) / contrast);
}
