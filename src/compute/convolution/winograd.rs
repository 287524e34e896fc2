//! Minimal filtering of 3x3 kernels at stride 1: m x m outputs from (m + 2)² products instead of 9m².
//!
//! Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A, where g is the kernel, d a tile of (m + 2)² inputs that overlaps
//! its neighbours, and Y the m² outputs. Summed over input channels, the element-wise product becomes
//! (m + 2)² matrix products.
//!
//! # Error
//! Each output differs from the exact sum by at most (channels + 40) · ε · R, where R is the same
//! formula with all matrices, inputs and weights replaced by their magnitudes and ε = 2⁻²⁴. For normal
//! inputs that is about 1e-5 of the largest output with m = 4, and 1e-6 with m = 2.
//!
//! # Source
//! Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308, section 4.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

mod transform;

use crate::compute::convolution::{Geometry, area};
use crate::compute::gemm::{Finish, TILE_M, TILE_N, multiply_packed};
use crate::compute::simd::{F32x4, copy};
use transform::{Four, Transform, Two};

/// Tiles that are transformed and multiplied together, at most, but a row of them.
const BLOCK_TILES: usize = 64;
/// Values between the matrices, so that equal places of them do not share a cache set.
const APART: usize = 16;

/// Outputs of a tile along each axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tile {
    Two,
    Four,
}

/// A convolution that is computed by minimal filtering.
#[derive(Clone, Debug)]
pub(crate) struct Winograd {
    geometry: Geometry,
    tile: Tile,
    /// For each element of a transformed tile a matrix `[out channels, in channels]`, packed as the left
    /// side of a product.
    kernels: Vec<[f32; TILE_M]>,
    finish: Finish,
}

/// How the output is cut into tiles, and the tiles into blocks.
#[derive(Clone, Copy)]
struct Blocks {
    /// Tiles `[down, across]`.
    tiles: [usize; 2],
    /// Rows of tiles in one block.
    rows: usize,
    /// Tiles of a block, filled up to whole panels.
    len: usize,
    /// Extents of what a block needs of a padded input plane.
    strip: [usize; 2],
}

impl Winograd {
    pub fn new(geometry: Geometry, weights: &[f32], finish: Finish, tile: Tile) -> Self {
        let kernels = match tile {
            Tile::Two => pack_kernels::<Two, 4, 2>(&geometry, weights),
            Tile::Four => pack_kernels::<Four, 6, 4>(&geometry, weights),
        };
        Winograd {
            geometry,
            tile,
            kernels,
            finish,
        }
    }

    pub fn packed_len(&self) -> usize {
        self.kernels.len() * TILE_M
    }

    pub fn scratch_len(&self) -> usize {
        let (edge, outputs) = match self.tile {
            Tile::Two => (4, 2),
            Tile::Four => (6, 4),
        };
        let blocks = Blocks::new(&self.geometry, outputs);
        let [inputs, products, strips] = self.parts(&blocks, edge);
        inputs + products + strips
    }

    pub fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        match self.tile {
            Tile::Two => self.run_tiles::<Two, 4, 2>(input, output, scratch),
            Tile::Four => self.run_tiles::<Four, 6, 4>(input, output, scratch),
        }
    }

    /// Lengths of the transformed inputs, of their products and of the padded strips.
    fn parts(&self, blocks: &Blocks, edge: usize) -> [usize; 3] {
        let Geometry {
            in_channels,
            out_channels,
            ..
        } = self.geometry;
        [
            edge * edge * (in_channels * blocks.len + APART),
            edge * edge * (out_channels.next_multiple_of(TILE_M) * blocks.len + APART),
            in_channels * area(blocks.strip) + TILE_N,
        ]
    }

    fn run_tiles<T: Transform<IN, OUT>, const IN: usize, const OUT: usize>(
        &self,
        input: &[f32],
        output: &mut [f32],
        scratch: &mut [f32],
    ) {
        let blocks = Blocks::new(&self.geometry, OUT);
        let [inputs_len, products_len, strips_len] = self.parts(&blocks, IN);
        let (inputs, scratch) = scratch.split_at_mut(inputs_len);
        let (products, scratch) = scratch.split_at_mut(products_len);
        let strips = &mut scratch[..strips_len];
        let in_channels = self.geometry.in_channels;
        let panels = self.geometry.out_channels.div_ceil(TILE_M);
        for first_row in (0..blocks.tiles[0]).step_by(blocks.rows) {
            let blocks = blocks.at(first_row);
            self.copy_strips(&blocks, first_row * OUT, input, strips);
            self.transform_inputs::<T, IN, OUT>(&blocks, strips, inputs);
            let kernels = self.kernels.chunks_exact(panels * in_channels);
            let inputs = inputs.chunks_exact(in_channels * blocks.len + APART);
            let outputs = products.chunks_exact_mut(panels * TILE_M * blocks.len + APART);
            for ((kernels, inputs), products) in kernels.zip(inputs).zip(outputs) {
                let (columns, _) = inputs[..in_channels * blocks.len].as_chunks();
                let products = &mut products[..panels * TILE_M * blocks.len];
                multiply_packed(in_channels, kernels, columns, products);
            }
            self.transform_outputs::<T, IN, OUT>(&blocks, first_row, products, output);
        }
    }

    /// Copies the rows of the input that a block of tiles needs, with what of the padding they meet.
    fn copy_strips(&self, blocks: &Blocks, first_row: usize, input: &[f32], strips: &mut [f32]) {
        let Geometry {
            input: [in_h, in_w],
            padding,
            ..
        } = self.geometry;
        let [strip_h, strip_w] = blocks.strip;
        let planes = input.chunks_exact((in_h * in_w).max(1));
        for (plane, strip) in planes.zip(strips.chunks_exact_mut(strip_h * strip_w)) {
            for (row, strip) in strip.chunks_exact_mut(strip_w).enumerate() {
                let position = first_row + row;
                let (left, rest) = strip.split_at_mut(padding.left);
                left.fill(0.0);
                if position < padding.top || position - padding.top >= in_h {
                    rest.fill(0.0);
                    continue;
                }
                let values = &plane[(position - padding.top) * in_w..][..in_w];
                let (middle, right) = rest.split_at_mut(in_w.min(rest.len()));
                copy(values, middle);
                right.fill(0.0);
            }
        }
    }

    /// Bᵀ d B of every tile of a block, as the right sides of the products.
    fn transform_inputs<T: Transform<IN, OUT>, const IN: usize, const OUT: usize>(
        &self,
        blocks: &Blocks,
        strips: &[f32],
        inputs: &mut [f32],
    ) {
        let channels = self.geometry.in_channels;
        let [strip_h, strip_w] = blocks.strip;
        let apart = channels * blocks.len + APART;
        // What the unchecked reads and writes below rely on: the last tile ends with its strip, and the
        // last of the matrices with `inputs`.
        assert!(strip_h >= blocks.rows * OUT + 2 && strip_w == blocks.tiles[1] * OUT + 4);
        assert!(inputs.len() >= IN * IN * apart && strips.len() >= channels * strip_h * strip_w);
        for first_tile in (0..blocks.len).step_by(4) {
            let starts: [usize; 4] = std::array::from_fn(|lane| {
                let [row, col] = blocks.place(first_tile + lane);
                (row * strip_w + col) * OUT
            });
            let panel = first_tile / TILE_N * TILE_N * channels + first_tile % TILE_N;
            for (channel, strip) in strips
                .chunks_exact(strip_h * strip_w)
                .take(channels)
                .enumerate()
            {
                let mut rows = [[F32x4::constant(0.0); IN]; IN];
                for (row, values) in rows.iter_mut().enumerate() {
                    let at = |lane: usize, col| {
                        let at = starts[lane] + row * strip_w + col;
                        // SAFETY: `at + 4` is within the rows and columns of a tile, asserted above.
                        unsafe { F32x4::read_unchecked(strip, at) }
                    };
                    let left = F32x4::transposed(std::array::from_fn(|lane| at(lane, 0)));
                    // Four more columns, of which two belong to a tile of six.
                    let right = match IN {
                        6 => F32x4::transposed(std::array::from_fn(|lane| at(lane, 4))),
                        _ => left,
                    };
                    let values_in = std::array::from_fn(|col| match col {
                        0..4 => left[col],
                        _ => right[col - 4],
                    });
                    *values = T::input(values_in);
                }
                let to = panel + channel * TILE_N;
                for col in 0..IN {
                    let transformed = T::input(rows.map(|values| values[col]));
                    for (row, values) in transformed.into_iter().enumerate() {
                        // SAFETY: `to + 4` is at most `apart`, asserted above.
                        unsafe { values.write_unchecked(inputs, (row * IN + col) * apart + to) };
                    }
                }
            }
        }
    }

    /// Aᵀ M A of every tile of a block, finished, to its place in the output.
    fn transform_outputs<T: Transform<IN, OUT>, const IN: usize, const OUT: usize>(
        &self,
        blocks: &Blocks,
        first_row: usize,
        products: &[f32],
        output: &mut [f32],
    ) {
        let Geometry {
            out_channels,
            output: [out_h, out_w],
            ..
        } = self.geometry;
        let apart = out_channels.next_multiple_of(TILE_M) * blocks.len + APART;
        assert!(products.len() >= IN * IN * apart);
        let planes = output.chunks_exact_mut((out_h * out_w).max(1));
        for (channel, plane) in planes.enumerate() {
            for first_tile in (0..blocks.len).step_by(4) {
                let from = channel * blocks.len + first_tile;
                let mut rows = [[F32x4::constant(0.0); IN]; OUT];
                for col in 0..IN {
                    let column = std::array::from_fn(|row| {
                        // SAFETY: `from + 4` is at most `apart`, asserted above.
                        unsafe { F32x4::read_unchecked(products, (row * IN + col) * apart + from) }
                    });
                    for (rows, value) in rows.iter_mut().zip(T::output(column)) {
                        rows[col] = value;
                    }
                }
                let places: [_; 4] = std::array::from_fn(|lane| {
                    let [row, col] = blocks.place(first_tile + lane);
                    [(first_row + row) * OUT, col * OUT]
                });
                for (row, values) in rows.into_iter().enumerate() {
                    let values = T::output(values).map(|sums| self.finish.lanes(channel, sums));
                    let lanes = F32x4::transposed(std::array::from_fn(|col| values[col % OUT]));
                    for (values, [first_row, col]) in lanes.into_iter().zip(places) {
                        if first_row + row < out_h {
                            let at = (first_row + row) * out_w + col;
                            write(values, &mut plane[at..], OUT.min(out_w - col));
                        }
                    }
                }
            }
        }
    }
}

/// Writes the first `len` of four values.
#[inline(always)]
fn write(values: F32x4, to: &mut [f32], len: usize) {
    match to.first_chunk_mut() {
        Some(to) if len == 4 => values.store(to),
        _ => {
            let mut all = [0.0; 4];
            values.store(&mut all);
            for (to, value) in to.iter_mut().zip(all).take(len) {
                *to = value;
            }
        }
    }
}

/// G g Gᵀ of every kernel.
fn pack_kernels<T: Transform<IN, OUT>, const IN: usize, const OUT: usize>(
    geometry: &Geometry,
    weights: &[f32],
) -> Vec<[f32; TILE_M]> {
    let Geometry {
        in_channels,
        out_channels,
        ..
    } = *geometry;
    let matrix_len = out_channels.div_ceil(TILE_M) * in_channels;
    let mut packed = vec![[0.0; TILE_M]; IN * IN * matrix_len];
    for (idx, kernel) in weights.chunks_exact(9).enumerate() {
        let (out_channel, in_channel) = (idx / in_channels, idx % in_channels);
        let at = out_channel / TILE_M * in_channels + in_channel;
        for row in 0..IN {
            for col in 0..IN {
                let products = (0..9).map(|cell| {
                    T::KERNEL[row][cell / 3] * T::KERNEL[col][cell % 3] * f64::from(kernel[cell])
                });
                packed[(row * IN + col) * matrix_len + at][out_channel % TILE_M] =
                    products.sum::<f64>() as f32;
            }
        }
    }
    packed
}

impl Blocks {
    fn new(geometry: &Geometry, outputs: usize) -> Self {
        let tiles = geometry.output.map(|extent| extent.div_ceil(outputs));
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
            // Two more columns than a tile of six needs, because values are read by fours.
            strip: [rows * outputs + 2, tiles[1] * outputs + 4],
        }
    }

    /// The block that begins with a row of tiles: the last may have fewer.
    fn at(&self, first_row: usize) -> Self {
        let rows = self.rows.min(self.tiles[0] - first_row);
        Blocks {
            rows,
            len: (rows * self.tiles[1]).next_multiple_of(TILE_N),
            ..*self
        }
    }

    /// Row and column of a tile within its block; for one that only fills up a panel, those of the last.
    fn place(&self, tile: usize) -> [usize; 2] {
        let tile = tile.min(self.rows * self.tiles[1] - 1);
        [tile / self.tiles[1], tile % self.tiles[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::Convolution;
    use crate::compute::convolution::tests::{geometry, output, sides, values};
    use proptest::prelude::*;

    /// What a transform does to a vector, as a matrix.
    fn matrix<const COLS: usize, const ROWS: usize>(
        transform: impl Fn([F32x4; COLS]) -> [F32x4; ROWS],
    ) -> [[f64; COLS]; ROWS] {
        let columns: [[F32x4; ROWS]; COLS] = std::array::from_fn(|col| {
            let unit = |idx| F32x4::constant(if idx == col { 1.0 } else { 0.0 });
            transform(std::array::from_fn(unit))
        });
        std::array::from_fn(|row| columns.map(|values| f64::from(values[row].to_array()[0])))
    }

    /// The sum of the definition at an output, and R of the error bound.
    fn exact<T: Transform<IN, OUT>, const IN: usize, const OUT: usize>(
        geometry: &Geometry,
        [channel, row, col]: [usize; 3],
        input: &[f32],
        weights: &[f32],
    ) -> (f64, f64) {
        let (to_tile, from_tile) = (matrix(T::input), matrix(T::output));
        let pixel = |plane: usize, row: usize, col: usize| {
            let [in_h, in_w] = geometry.input;
            let (row, col) = (
                row.wrapping_sub(geometry.padding.top),
                col.wrapping_sub(geometry.padding.left),
            );
            match row < in_h && col < in_w {
                true => f64::from(input[(plane * in_h + row) * in_w + col]),
                false => 0.0,
            }
        };
        let (mut sum, mut magnitude) = (0.0, 0.0);
        let (first_row, first_col) = (row / OUT * OUT, col / OUT * OUT);
        for plane in 0..geometry.in_channels {
            let kernel = &weights[(channel * geometry.in_channels + plane) * 9..][..9];
            for (cell, weight) in kernel.iter().enumerate() {
                sum += f64::from(*weight) * pixel(plane, row + cell / 3, col + cell % 3);
            }
            for down in 0..IN {
                for right in 0..IN {
                    let (mut of_input, mut of_kernel) = (0.0, 0.0);
                    for y in 0..IN {
                        for x in 0..IN {
                            let factor = (to_tile[down][y] * to_tile[right][x]).abs();
                            of_input += factor * pixel(plane, first_row + y, first_col + x).abs();
                        }
                    }
                    for (cell, weight) in kernel.iter().enumerate() {
                        let factor = T::KERNEL[down][cell / 3] * T::KERNEL[right][cell % 3];
                        of_kernel += factor.abs() * f64::from(weight.abs());
                    }
                    let factor = from_tile[row % OUT][down] * from_tile[col % OUT][right];
                    magnitude += factor.abs() * of_input * of_kernel;
                }
            }
        }
        (sum, magnitude)
    }

    fn check<T: Transform<IN, OUT>, const IN: usize, const OUT: usize>(
        tile: Tile,
        geometry: Geometry,
        [step, seed]: [usize; 2],
    ) {
        let seed = seed as u64;
        let input = values(seed, geometry.in_channels * area(geometry.input));
        let weights = values(seed + 1, geometry.out_channels * geometry.terms());
        let winograd = Winograd::new(geometry, &weights, Finish::default(), tile);
        let got = output(&Convolution::Winograd(winograd), &geometry, &input);
        let [out_h, out_w] = geometry.output;
        for (idx, got) in got.into_iter().enumerate().step_by(step) {
            let place = [idx / (out_h * out_w), idx / out_w % out_h, idx % out_w];
            let (sum, magnitude) = exact::<T, IN, OUT>(&geometry, place, &input, &weights);
            let bound = (geometry.in_channels + 40) as f64 * 0.5_f64.powi(24) * magnitude;
            let error = (f64::from(got) - sum).abs();
            assert!(
                error <= bound,
                "{tile:?} {place:?}: {got} for {sum}, bound {bound}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn both_tiles_stay_within_their_bound(
            channels in [1..2_usize, 1..7, 1..7],
            input in [1..15_usize, 1..15],
            padding in sides(),
            seed in any::<u16>(),
        ) {
            if let Some(geometry) = geometry(channels, input, [3, 3], [[1, 1]; 2], padding) {
                check::<Two, 4, 2>(Tile::Two, geometry, [1, seed.into()]);
                check::<Four, 6, 4>(Tile::Four, geometry, [1, seed.into()]);
            }
        }
    }

    #[test]
    fn several_blocks_cover_a_large_map_and_many_channels() {
        let padding = crate::window::Sides::all(1);
        for (channels, input) in [
            ([1, 2, 3], [9, 262]),
            ([1, 1, 9], [70, 30]),
            ([1, 3, 2], [33, 129]),
            ([1, 70, 5], [8, 9]),
        ] {
            let geometry = geometry(channels, input, [3, 3], [[1, 1]; 2], padding).unwrap();
            check::<Two, 4, 2>(Tile::Two, geometry, [11, 1]);
            check::<Four, 6, 4>(Tile::Four, geometry, [11, 2]);
        }
    }
}
