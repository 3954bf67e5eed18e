// A grid of half the size, whose cells have the sums of four.

@group(0) @binding(0) var<uniform> levels: Levels;
@group(0) @binding(1) var<storage, read_write> cells: array<Cell>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= levels.coarse.size)) {
    return;
  }
  let end = min(levels.fine.size, 2 * id.xy + 2);
  var sum = Cell();
  for (var y = 2 * id.y; y < end.y; y++) {
    for (var x = 2 * id.x; x < end.x; x++) {
      let cell = cells[levels.fine.start + y * levels.fine.size.x + x];
      sum.object += cell.object;
      sum.ground += cell.ground;
      sum.weights += cell.weights;
    }
  }
  cells[levels.coarse.start + id.y * levels.coarse.size.x + id.x] = sum;
}
