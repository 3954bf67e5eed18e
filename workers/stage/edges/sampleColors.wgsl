// The colours at a place between the middles of a grid's cells; their weights mean nothing.
fn colorsAt(grid: Grid, place: vec2f) -> Cell {
  let corner = floor(place);
  let share = place - corner;
  let last = vec2i(grid.size) - 1;
  let low = vec2u(clamp(vec2i(corner), vec2i(0), last));
  let high = vec2u(clamp(vec2i(corner) + 1, vec2i(0), last));
  let above = grid.start + low.y * grid.size.x;
  let below = grid.start + high.y * grid.size.x;
  return Cell(
    mix(
      mix(cells[above + low.x].object, cells[above + high.x].object, share.x),
      mix(cells[below + low.x].object, cells[below + high.x].object, share.x),
      share.y,
    ),
    mix(
      mix(cells[above + low.x].ground, cells[above + high.x].ground, share.x),
      mix(cells[below + low.x].ground, cells[below + high.x].ground, share.x),
      share.y,
    ),
    vec2f(1),
  );
}
