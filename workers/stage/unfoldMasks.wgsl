// Masks from run lengths to a picture of bits: a pixel of a layer has one bit for each of 32 masks. The runs go down the
// columns, and every second one is object; see core/rle.ts and runTable.ts.

struct Extent {
  width: u32,
  height: u32,
  masks: u32,
}

@group(0) @binding(0) var<uniform> extent: Extent;
@group(0) @binding(1) var<storage, read> firsts: array<u32>;
@group(0) @binding(2) var<storage, read> ends: array<u32>;
@group(0) @binding(3) var bits: texture_storage_2d_array<r32uint, write>;

// Pixels of a column that one invocation does: it looks for the first run, and goes on from there.
const ROWS = 16u;

// The run of a mask that has a pixel.
fn runAt(mask: u32, pixel: u32) -> u32 {
  var low = firsts[mask];
  var high = firsts[mask + 1] - 1;
  while (low < high) {
    let middle = (low + high) / 2;
    if (ends[middle] <= pixel) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extent.width) {
    return;
  }
  let top = id.y * ROWS;
  let rows = min(ROWS, extent.height - top);
  let start = id.x * extent.height + top;
  var found = array<u32, ROWS>();
  for (var mask = 32 * id.z; mask < min(extent.masks, 32 * id.z + 32); mask++) {
    var run = runAt(mask, start);
    for (var row = 0u; row < rows; row++) {
      while (ends[run] <= start + row) {
        run++;
      }
      found[row] |= ((run - firsts[mask]) & 1) << (mask % 32);
    }
  }
  for (var row = 0u; row < rows; row++) {
    textureStore(bits, vec2u(id.x, top + row), id.z, vec4u(found[row]));
  }
}
