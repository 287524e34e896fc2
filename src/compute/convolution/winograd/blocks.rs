//! How an output is cut into tiles, and the tiles into blocks.

use crate::compute::gemm::TILE_N;

/// Tiles that are transformed and multiplied together, at most, but a row of them.
const BLOCK_TILES: usize = 64;

/// A block of whole rows of tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks {
    /// Tiles `[down, across]` of the output.
    pub tiles: [usize; 2],
    /// Rows of tiles in the block.
    pub rows: usize,
    /// Tiles of the block, filled up to whole panels.
    pub len: usize,
}

impl Blocks {
    /// The largest blocks of an `output` in tiles of so many outputs along each axis.
    pub fn new(output: [usize; 2], outputs: usize) -> Self {
        let tiles = output.map(|extent| extent.div_ceil(outputs));
        // As many rows as leave the fewest places of panels empty.
        let most = (BLOCK_TILES / tiles[1].max(1)).clamp(1, tiles[0].max(1));
        let places = |rows: usize| {
            let whole = tiles[0] / rows * (rows * tiles[1]).next_multiple_of(TILE_N);
            whole + (tiles[0] % rows * tiles[1]).next_multiple_of(TILE_N)
        };
        let rows = (1..=most)
            .rev()
            .min_by_key(|&rows| places(rows))
            .unwrap_or(1);
        Blocks {
            tiles,
            rows,
            len: (rows * tiles[1]).next_multiple_of(TILE_N),
        }
    }

    /// The block that begins with a row of tiles: the last may have fewer.
    pub fn at(&self, first_row: usize) -> Self {
        let rows = self.rows.min(self.tiles[0] - first_row);
        Blocks {
            rows,
            len: (rows * self.tiles[1]).next_multiple_of(TILE_N),
            ..*self
        }
    }

    /// Row and column of a tile within its block; for one that only fills up a panel, those of the last.
    pub fn place(&self, tile: usize) -> [usize; 2] {
        let tile = tile.min(self.rows * self.tiles[1] - 1);
        [tile / self.tiles[1], tile % self.tiles[1]]
    }
}
