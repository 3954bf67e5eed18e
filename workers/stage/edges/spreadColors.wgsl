// Gives each cell of a grid the mean colour of what is in it and, as one more pixel, of what the coarser grid has there.

@group(0) @binding(0) var<uniform> levels: Levels;
@group(0) @binding(1) var<storage, read_write> cells: array<Cell>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= levels.fine.size)) {
    return;
  }
  let at = levels.fine.start + id.y * levels.fine.size.x + id.x;
  var cell = cells[at];
  if (levels.coarse.size.x == 0) {
    cell.object /= cell.weights.x;
    cell.ground /= cell.weights.y;
  } else {
    let around = colorsAt(levels.coarse, vec2f(id.xy) / 2 - 0.25);
    cell.object = (cell.object + around.object) / (1 + cell.weights.x);
    cell.ground = (cell.ground + around.ground) / (1 + cell.weights.y);
  }
  cells[at] = cell;
}
