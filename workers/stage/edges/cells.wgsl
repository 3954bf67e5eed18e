// Colours on both sides of an edge, gathered in cells and spread over grids that get coarser. Their twins on the CPU: SideColors and ColorGrid
// (core/edges). Channels are 0 to 255.

// Side of the finest cells, in pixels.
override cellSide: u32;

// Red, green, blue and the sum of their squares on each side, and how many pixels they are of.
struct Cell {
  object: vec4f,
  ground: vec4f,
  weights: vec2f,
}

// A grid among the cells: where it begins.
struct Grid {
  size: vec2u,
  start: u32,
}

// Two grids, one after the other.
struct Levels {
  fine: Grid,
  // Of no size where the fine one is the coarsest.
  coarse: Grid,
}
