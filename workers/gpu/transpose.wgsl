// A matrix with its rows as columns. Its twin on the CPU: tokensFirst of cpuTensors (models/tensorStore.ts).

struct Size {
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<uniform> size: Size;
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read_write> swapped: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < size.columns && id.y < size.rows) {
    swapped[id.x * size.rows + id.y] = given[id.y * size.columns + id.x];
  }
}
