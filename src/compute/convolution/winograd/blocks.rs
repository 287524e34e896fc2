//! How an output is divided into tiles, and the tiles into blocks.

use crate::compute::gemm::TILE_N;

/// Maximum number of tiles that are transformed and multiplied together, except that a block has at
/// least one row of tiles.
const BLOCK_TILES: usize = 64;

/// A block of whole rows of tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks {
    /// Tiles of the output `[rows, columns]`.
    pub tiles: [usize; 2],
    /// Rows of tiles in the block.
    pub rows: usize,
    /// Tiles of the block, rounded up to whole panels.
    pub len: usize,
}

impl Blocks {
    /// The blocks of an `output` in tiles of `outputs` x `outputs`.
    pub fn new(output: [usize; 2], outputs: usize) -> Self {
        let tiles = output.map(|extent| extent.div_ceil(outputs));
        // The number of rows that wastes the fewest panel columns.
        let max_rows = (BLOCK_TILES / tiles[1].max(1)).clamp(1, tiles[0].max(1));
        let columns = |rows: usize| {
            let whole = tiles[0] / rows * (rows * tiles[1]).next_multiple_of(TILE_N);
            whole + (tiles[0] % rows * tiles[1]).next_multiple_of(TILE_N)
        };
        let rows = (1..=max_rows)
            .rev()
            .min_by_key(|&rows| columns(rows))
            .unwrap_or(1);
        Blocks {
            tiles,
            rows,
            len: (rows * tiles[1]).next_multiple_of(TILE_N),
        }
    }

    /// The block that starts at a row of tiles; the last block may have fewer rows.
    pub fn at(&self, first_row: usize) -> Self {
        let rows = self.rows.min(self.tiles[0] - first_row);
        Blocks {
            rows,
            len: (rows * self.tiles[1]).next_multiple_of(TILE_N),
            ..*self
        }
    }

    /// Row and column of a tile within its block; for the filler tiles of a panel, those of the
    /// last tile.
    pub fn position(&self, tile: usize) -> [usize; 2] {
        let tile = tile.min(self.rows * self.tiles[1] - 1);
        [tile / self.tiles[1], tile % self.tiles[1]]
    }
}
