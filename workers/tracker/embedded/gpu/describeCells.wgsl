// One descriptor for each cell of the frame: two inner layers of the encoder, joined. A workgroup makes one cell's. Its twin on
// the CPU: describeCells (features.ts).

override STAGE_2_CHANNELS: u32;
override STAGE_1_CHANNELS: u32;
const LANES = 64u;

struct Sizes {
  // Cells of the frame, and along a row of the encoder's input.
  grid: vec2u,
  columns: u32,
}

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> stage2: array<f32>;
@group(0) @binding(2) var<storage, read> stage1: array<f32>;
@group(0) @binding(3) var<storage, read_write> descriptors: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) cell: vec3u, @builtin(local_invocation_index) lane: u32) {
  let to = (cell.y * sizes.grid.x + cell.x) * (STAGE_2_CHANNELS + STAGE_1_CHANNELS);
  let token2 = (cell.y * sizes.columns + cell.x) * STAGE_2_CHANNELS;
  for (var channel = lane; channel < STAGE_2_CHANNELS; channel += LANES) {
    descriptors[to + channel] = stage2[token2 + channel];
  }
  // The other layer's grid has twice the side: the mean of 2×2 tokens.
  let upper = (2 * cell.y * 2 * sizes.columns + 2 * cell.x) * STAGE_1_CHANNELS;
  let lower = upper + 2 * sizes.columns * STAGE_1_CHANNELS;
  for (var channel = lane; channel < STAGE_1_CHANNELS; channel += LANES) {
    descriptors[to + STAGE_2_CHANNELS + channel] = (
      stage1[upper + channel] + stage1[upper + STAGE_1_CHANNELS + channel] +
      stage1[lower + channel] + stage1[lower + STAGE_1_CHANNELS + channel]
    ) / 4;
  }
}
