//! The operands, packed in the order in which the product reads them.

use std::ops::Range;

use crate::compute::gemm::{TILE_M, TILE_N};

/// The left matrix `[m, k]`: panels of [`TILE_M`] rows, stored term by term, the last one padded
/// with zeros. Packed once, it is used for any number of products.
#[derive(Clone, Debug)]
pub(crate) struct PackedRows {
    m: usize,
    k: usize,
    panels: Vec<[f32; TILE_M]>,
}

impl PackedRows {
    /// Packs the matrix with the elements `at(row, term)`.
    pub fn new(m: usize, k: usize, at: impl Fn(usize, usize) -> f32) -> Self {
        let mut panels = Vec::with_capacity(m.div_ceil(TILE_M) * k);
        for first in (0..m).step_by(TILE_M) {
            let value = |row, term| if row < m { at(row, term) } else { 0.0 };
            let panel = |term| std::array::from_fn(|row| value(first + row, term));
            panels.extend((0..k).map(panel));
        }
        PackedRows { m, k, panels }
    }

    /// A matrix from its panels.
    pub fn from_panels(m: usize, k: usize, panels: Vec<[f32; TILE_M]>) -> Self {
        PackedRows { m, k, panels }
    }

    /// Number of rows.
    pub fn m(&self) -> usize {
        self.m
    }

    /// Number of terms.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The given terms of a panel.
    pub fn panel(&self, idx: usize, terms: Range<usize>) -> &[[f32; TILE_M]] {
        &self.panels[idx * self.k + terms.start..idx * self.k + terms.end]
    }
}

/// The right matrix `[k, n]`, whatever its elements are computed from.
pub(crate) trait Columns {
    /// Number of terms.
    fn k(&self) -> usize;

    /// Number of columns.
    fn n(&self) -> usize;

    /// Packs the given terms of the given columns into panels of [`TILE_N`] columns, stored term by
    /// term. Values past the last column are ignored, and so is the one row of `to` after the last
    /// panel.
    fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]);
}
