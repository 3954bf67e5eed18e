// The labels of a window's cells, in the order of its rows; see gatherCells.wgsl.

struct Window {
  start: vec2u,
  size: vec2u,
  // Columns of the frame.
  columns: u32,
  // The row that the window's first cell becomes.
  row: u32,
}

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var<storage, read> label: array<f32>;
@group(0) @binding(2) var<storage, read_write> labels: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < window.size.x && id.y < window.size.y) {
    let at = window.start + id.xy;
    labels[window.row + id.y * window.size.x + id.x] = label[at.y * window.columns + at.x];
  }
}
