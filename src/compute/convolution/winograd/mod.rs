//! Winograd's minimal filtering: m x m outputs of an r x r kernel from (m + r - 1)² products
//! instead of m² r².
//!
//! Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A, where g is the kernel, d a tile of (m + r - 1)² inputs that
//! overlaps its neighbours, and Y the m² outputs. Summed over input channels, the element-wise
//! product becomes (m + r - 1)² matrix products. Strides above 1 are split into phases first: see
//! [`Tile::of`].
//!
//! # Error
//! Each output differs from the exact sum by at most (n + 40) · ε · R, where n is the number of
//! channels of all phases, R the same formula with all matrices, inputs and weights replaced by
//! their magnitudes and ε = 2⁻²⁴. For normal inputs that is about 1e-5 of the largest output with
//! tiles of six inputs, and 1e-6 with four.
//!
//! # Source
//! Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308, section 4.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

mod blocks;
mod tile;
mod transform;

use crate::compute::convolution::padded_copy::PaddedCopy;
use crate::compute::convolution::{Convolution, Geometry};
use crate::compute::gemm::{Epilogue, TILE_M, TILE_N, multiply_packed};
use crate::compute::layout::area;
use crate::compute::simd::F32x4;
use blocks::Blocks;
use transform::{FourPoints, Outputs, Points, SixPoints};

pub(crate) use tile::Tile;

/// Unused values between matrices, so that the same element of two matrices does not map to the
/// same cache set.
const MATRIX_GAP: usize = 16;

/// A convolution that is computed by Winograd's minimal filtering.
#[derive(Clone, Debug)]
pub(crate) struct Winograd {
    geometry: Geometry,
    tile: Tile,
    blocks: Blocks,
    padded: PaddedCopy,
    /// Index of the first padded value of each phase of each channel.
    phases: Vec<usize>,
    /// For each element of a transformed tile, a matrix `[out channels, phases]`, packed as the
    /// left operand of a product.
    kernels: Vec<[f32; TILE_M]>,
    epilogue: Epilogue,
}

impl Winograd {
    /// `tile` is [`Tile::of`] the geometry, or [`Tile::TwoOfThree`] for a 3x3 kernel at stride 1.
    pub fn new(geometry: Geometry, weights: &[f32], epilogue: Epilogue, tile: Tile) -> Self {
        let blocks = Blocks::new(geometry.output, tile.outputs());
        let padded = PaddedCopy::banded(
            &Geometry {
                output: blocks.tiles.map(|tiles| tiles * tile.outputs()),
                kernel: geometry.stride.map(|stride| stride * tile.kernel()),
                ..geometry
            },
            blocks.rows * tile.outputs(),
        );
        let [down, right] = geometry.stride;
        let planes = 0..geometry.in_channels;
        let phases = planes.flat_map(|plane| (0..down).map(move |row| (plane, row)));
        let phases = phases.flat_map(|(plane, row)| (0..right).map(move |col| (plane, row, col)));
        let phases =
            phases.map(|(plane, row, col)| plane * padded.plane_len() + padded.cell(row, col));
        Winograd {
            phases: phases.collect(),
            kernels: match tile.edge() {
                4 => pack_kernels::<FourPoints, 4>(&geometry, tile, weights),
                _ => pack_kernels::<SixPoints, 6>(&geometry, tile, weights),
            },
            geometry,
            tile,
            blocks,
            padded,
            epilogue,
        }
    }

    /// What [`Convolution::packed_len`] will be.
    pub fn planned_len(geometry: &Geometry, tile: Tile) -> u64 {
        let rows = (geometry.out_channels as u64).next_multiple_of(TILE_M as u64);
        let phases = geometry.in_channels as u64 * area(geometry.stride) as u64;
        area([tile.edge(); 2]) as u64 * rows * phases
    }

    /// Number of values in the right operand and in the result of each product.
    fn matrix_lens(&self, blocks: &Blocks) -> [usize; 2] {
        let rows = self.geometry.out_channels.next_multiple_of(TILE_M);
        [self.phases.len() * blocks.len, rows * blocks.len]
    }

    fn run_tiles<P: Outputs<IN, OUT>, const IN: usize, const OUT: usize>(
        &self,
        input: &[f32],
        output: &mut [f32],
        scratch: &mut [f32],
    ) {
        let lens = self
            .matrix_lens(&self.blocks)
            .map(|len| IN * IN * (len + MATRIX_GAP));
        let (inputs, scratch) = scratch.split_at_mut(lens[0]);
        let (products, scratch) = scratch.split_at_mut(lens[1]);
        let padded = &mut scratch[..self.padded.scratch_len(self.geometry.in_channels)];
        let terms = self.phases.len();
        let panels = self.geometry.out_channels.div_ceil(TILE_M);
        for first_row in (0..self.blocks.tiles[0]).step_by(self.blocks.rows) {
            let blocks = self.blocks.at(first_row);
            let padded = self.padded.prepare(input, first_row * OUT, false, padded);
            self.transform_inputs::<P, IN>(&blocks, padded, inputs);
            let [inputs_len, products_len] = self.matrix_lens(&blocks);
            let kernels = self.kernels.chunks_exact(panels * terms);
            let inputs = inputs.chunks_exact(inputs_len + MATRIX_GAP);
            let outputs = products.chunks_exact_mut(products_len + MATRIX_GAP);
            for ((kernels, inputs), products) in kernels.zip(inputs).zip(outputs) {
                let (columns, _) = inputs[..inputs_len].as_chunks();
                multiply_packed(terms, kernels, columns, &mut products[..products_len]);
            }
            self.transform_outputs::<P, IN, OUT>(&blocks, first_row, products, output);
        }
    }

    /// Computes Bᵀ d B of every tile of a block, as the right operands of the products.
    fn transform_inputs<P: Points<IN>, const IN: usize>(
        &self,
        blocks: &Blocks,
        padded: &[f32],
        inputs: &mut [f32],
    ) {
        let outputs = self.tile.outputs();
        let matrix_step = self.matrix_lens(blocks)[0] + MATRIX_GAP;
        let row_step = self.padded.position(1, 0);
        // Preconditions of the unchecked reads and writes below: the last tile of the last phase
        // ends within the padded values, and the last matrix within `inputs`.
        let last_row = blocks.rows * outputs + self.tile.kernel() - 2;
        let last_col = (blocks.tiles[1] - 1) * outputs;
        let last_phase = self.phases.iter().copied().max().unwrap_or(0);
        let read = IN.next_multiple_of(4);
        assert!(last_phase + last_row * row_step + last_col + read <= padded.len());
        assert!(inputs.len() >= IN * IN * matrix_step);
        for first_tile in (0..blocks.len).step_by(4) {
            let starts: [usize; 4] = std::array::from_fn(|lane| {
                let [row, col] = blocks.position(first_tile + lane);
                (row * row_step + col) * outputs
            });
            let panel = first_tile / TILE_N * TILE_N * self.phases.len() + first_tile % TILE_N;
            for (idx, phase) in self.phases.iter().enumerate() {
                let mut rows = [[F32x4::constant(0.0); IN]; IN];
                for (row, values) in rows.iter_mut().enumerate() {
                    let at = |lane: usize, col| {
                        let at = phase + starts[lane] + row * row_step + col;
                        // SAFETY: asserted above: `at + 4` is within the rows and columns of a
                        // tile.
                        unsafe { F32x4::read_unchecked(padded, at) }
                    };
                    let left = F32x4::transposed(std::array::from_fn(|lane| at(lane, 0)));
                    // Four more columns, of which a tile of six needs two.
                    let right = match IN {
                        6 => F32x4::transposed(std::array::from_fn(|lane| at(lane, 4))),
                        _ => left,
                    };
                    let values_in = std::array::from_fn(|col| match col {
                        0..4 => left[col],
                        _ => right[col - 4],
                    });
                    *values = P::input(values_in);
                }
                let to = panel + idx * TILE_N;
                for col in 0..IN {
                    let transformed = P::input(rows.map(|values| values[col]));
                    for (row, values) in transformed.into_iter().enumerate() {
                        // SAFETY: asserted above: `to + 4` is at most `matrix_step`.
                        unsafe {
                            values.write_unchecked(inputs, (row * IN + col) * matrix_step + to)
                        };
                    }
                }
            }
        }
    }

    /// Computes Aᵀ M A of every tile of a block, applies the epilogue and stores the outputs.
    fn transform_outputs<P: Outputs<IN, OUT>, const IN: usize, const OUT: usize>(
        &self,
        blocks: &Blocks,
        first_row: usize,
        products: &[f32],
        output: &mut [f32],
    ) {
        let [out_h, out_w] = self.geometry.output;
        let matrix_step = self.matrix_lens(blocks)[1] + MATRIX_GAP;
        assert!(products.len() >= IN * IN * matrix_step);
        let planes = output.chunks_exact_mut((out_h * out_w).max(1));
        for (channel, plane) in planes.enumerate() {
            for first_tile in (0..blocks.len).step_by(4) {
                let from = channel * blocks.len + first_tile;
                let mut rows = [[F32x4::constant(0.0); IN]; OUT];
                for col in 0..IN {
                    let column = std::array::from_fn(|row| {
                        // SAFETY: asserted above: `from + 4` is at most `matrix_step`.
                        unsafe {
                            F32x4::read_unchecked(products, (row * IN + col) * matrix_step + from)
                        }
                    });
                    for (rows, value) in rows.iter_mut().zip(P::output(column)) {
                        rows[col] = value;
                    }
                }
                let positions: [_; 4] = std::array::from_fn(|lane| {
                    let [row, col] = blocks.position(first_tile + lane);
                    [(first_row + row) * OUT, col * OUT]
                });
                for (row, values) in rows.into_iter().enumerate() {
                    let values =
                        P::output(values).map(|sums| self.epilogue.apply_to_lanes(channel, sums));
                    let lanes = F32x4::transposed(std::array::from_fn(|col| values[col % OUT]));
                    for (values, [first_row, col]) in lanes.into_iter().zip(positions) {
                        if first_row + row < out_h {
                            let at = (first_row + row) * out_w + col;
                            write(values, &mut plane[at..], OUT, out_w - col);
                        }
                    }
                }
            }
        }
    }
}

impl Convolution for Winograd {
    fn scratch_len(&self) -> usize {
        let [inputs, products] = self.matrix_lens(&self.blocks);
        let matrices = area([self.tile.edge(); 2]) * (inputs + products + 2 * MATRIX_GAP);
        matrices + self.padded.scratch_len(self.geometry.in_channels)
    }

    fn packed_len(&self) -> usize {
        self.kernels.len() * TILE_M
    }

    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        match self.tile {
            Tile::TwoOfThree => self.run_tiles::<FourPoints, 4, 2>(input, output, scratch),
            Tile::FourOfThree => self.run_tiles::<SixPoints, 6, 4>(input, output, scratch),
            Tile::ThreeOfFour => self.run_tiles::<SixPoints, 6, 3>(input, output, scratch),
            Tile::TwoOfFive => self.run_tiles::<SixPoints, 6, 2>(input, output, scratch),
        }
    }
}

/// Writes the first `outputs` of four values, as far as they fit into the `room` left in the row.
/// The values after them may be overwritten: they are computed later.
#[inline(always)]
fn write(values: F32x4, to: &mut [f32], outputs: usize, room: usize) {
    match to.first_chunk_mut() {
        Some(to) if room >= 4 => values.store(to),
        _ => {
            let mut all = [0.0; 4];
            values.store(&mut all);
            for (to, value) in to.iter_mut().zip(all).take(outputs.min(room)) {
                *to = value;
            }
        }
    }
}

/// G g Gᵀ of every phase of every kernel.
fn pack_kernels<P: Points<IN>, const IN: usize>(
    geometry: &Geometry,
    tile: Tile,
    weights: &[f32],
) -> Vec<[f32; TILE_M]> {
    let [kernel_h, kernel_w] = geometry.kernel;
    let [down, right] = geometry.stride;
    let phases = geometry.in_channels * down * right;
    let matrix_len = geometry.out_channels.div_ceil(TILE_M) * phases;
    let columns: Vec<[f64; IN]> = (0..tile.kernel())
        .map(|cell| P::kernel(cell, tile.kernel()))
        .collect();
    let mut packed = vec![[0.0; TILE_M]; IN * IN * matrix_len];
    let kernel_len = kernel_h * kernel_w;
    for out_channel in (0..geometry.out_channels).step_by(TILE_M) {
        for plane in 0..geometry.in_channels {
            // The kernels of a panel, one in each lane.
            let weight = |cell: usize| -> [f64; TILE_M] {
                std::array::from_fn(|lane| {
                    let kernel = (out_channel + lane) * geometry.in_channels + plane;
                    let weight = weights.get(kernel * kernel_len + cell);
                    f64::from(weight.copied().unwrap_or_default())
                })
            };
            for phase in 0..down * right {
                let mut transformed = [[[0.0; TILE_M]; IN]; IN];
                for row in (phase / right..kernel_h).step_by(down) {
                    // A row of g Gᵀ.
                    let mut sums = [[0.0; TILE_M]; IN];
                    for col in (phase % right..kernel_w).step_by(right) {
                        let weight = weight(row * kernel_w + col);
                        for (sum, factor) in sums.iter_mut().zip(columns[col / right]) {
                            add_scaled(sum, factor, &weight);
                        }
                    }
                    for (to, factor) in transformed.iter_mut().zip(columns[row / down]) {
                        for (to, sum) in to.iter_mut().zip(&sums) {
                            add_scaled(to, factor, sum);
                        }
                    }
                }
                let at = out_channel / TILE_M * phases + plane * down * right + phase;
                for (element, values) in transformed.as_flattened().iter().enumerate() {
                    packed[element * matrix_len + at] = values.map(|value| value as f32);
                }
            }
        }
    }
    packed
}

#[inline(always)]
fn add_scaled(sums: &mut [f64; TILE_M], factor: f64, values: &[f64; TILE_M]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::testing::{geometry, sides, values};
    use crate::compute::convolution::tests::output;
    use proptest::prelude::*;

    /// The matrix of a transform.
    fn matrix<const COLS: usize, const ROWS: usize>(
        transform: impl Fn([F32x4; COLS]) -> [F32x4; ROWS],
    ) -> [[f64; COLS]; ROWS] {
        let columns: [[F32x4; ROWS]; COLS] = std::array::from_fn(|col| {
            let unit = |idx| F32x4::constant(if idx == col { 1.0 } else { 0.0 });
            transform(std::array::from_fn(unit))
        });
        std::array::from_fn(|row| columns.map(|values| f64::from(values[row].to_array()[0])))
    }

    /// The exact output at `[channel, row, col]`, and R of its error bound.
    fn exact<P: Outputs<IN, OUT>, const IN: usize, const OUT: usize>(
        geometry: &Geometry,
        [channel, row, col]: [usize; 3],
        input: &[f32],
        weights: &[f32],
    ) -> (f64, f64) {
        let (to_tile, from_tile) = (matrix(P::input), matrix(P::output));
        let ([kernel_h, kernel_w], [stride, _]) = (geometry.kernel, geometry.stride);
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
            let kernel_len = kernel_h * kernel_w;
            let kernel = &weights[(channel * geometry.in_channels + plane) * kernel_len..];
            let weight = |y: usize, x: usize| match y < kernel_h && x < kernel_w {
                true => f64::from(kernel[y * kernel_w + x]),
                false => 0.0,
            };
            for cell in 0..kernel_len {
                let (y, x) = (cell / kernel_w, cell % kernel_w);
                sum += weight(y, x) * pixel(plane, row * stride + y, col * stride + x);
            }
            for (phase_y, phase_x) in (0..stride * stride).map(|idx| (idx / stride, idx % stride)) {
                for (down, right) in (0..IN * IN).map(|idx| (idx / IN, idx % IN)) {
                    let (mut of_input, mut of_kernel) = (0.0, 0.0);
                    for (y, x) in (0..IN * IN).map(|idx| (idx / IN, idx % IN)) {
                        let factor = (to_tile[down][y] * to_tile[right][x]).abs();
                        let y = (first_row + y) * stride + phase_y;
                        let x = (first_col + x) * stride + phase_x;
                        of_input += factor * pixel(plane, y, x).abs();
                    }
                    let size = IN + 1 - OUT;
                    for (y, x) in (0..size * size).map(|idx| (idx / size, idx % size)) {
                        let factor = P::kernel(y, size)[down] * P::kernel(x, size)[right];
                        let weight = weight(y * stride + phase_y, x * stride + phase_x);
                        of_kernel += factor.abs() * weight.abs();
                    }
                    let factor = from_tile[row % OUT][down] * from_tile[col % OUT][right];
                    magnitude += factor.abs() * of_input * of_kernel;
                }
            }
        }
        (sum, magnitude)
    }

    fn check<P: Outputs<IN, OUT>, const IN: usize, const OUT: usize>(
        tile: Tile,
        geometry: Geometry,
        [step, seed]: [usize; 2],
    ) {
        let seed = seed as u64;
        let input = values(seed, geometry.in_channels * area(geometry.input));
        let weights = values(seed + 1, geometry.out_channels * geometry.terms());
        let winograd = Winograd::new(geometry, &weights, Epilogue::default(), tile);
        assert_eq!(
            winograd.packed_len() as u64,
            Winograd::planned_len(&geometry, tile)
        );
        let terms = geometry.in_channels * area(geometry.stride);
        let got = output(&winograd, &geometry, &input);
        let [out_h, out_w] = geometry.output;
        for (idx, got) in got.into_iter().enumerate().step_by(step) {
            let position = [idx / (out_h * out_w), idx / out_w % out_h, idx % out_w];
            let (sum, magnitude) = exact::<P, IN, OUT>(&geometry, position, &input, &weights);
            let bound = (terms + 40) as f64 * 0.5_f64.powi(24) * magnitude;
            let error = (f64::from(got) - sum).abs();
            assert!(
                error <= bound,
                "{tile:?} {position:?}: {got} for {sum}, bound {bound}"
            );
        }
    }

    /// Checks the tile of the geometry, and F(2, 3) where it applies.
    fn check_all(geometry: Geometry, [step, seed]: [usize; 2]) {
        match Tile::of(&geometry) {
            Some(Tile::FourOfThree) => {
                check::<SixPoints, 6, 4>(Tile::FourOfThree, geometry, [step, seed]);
            }
            Some(Tile::ThreeOfFour) => {
                check::<SixPoints, 6, 3>(Tile::ThreeOfFour, geometry, [step, seed]);
            }
            Some(Tile::TwoOfFive) => {
                check::<SixPoints, 6, 2>(Tile::TwoOfFive, geometry, [step, seed]);
            }
            other => panic!("{geometry:?} has the tile {other:?}"),
        }
        if (geometry.kernel, geometry.stride) == ([3, 3], [1, 1]) {
            check::<FourPoints, 4, 2>(Tile::TwoOfThree, geometry, [step, seed]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 1 } else { 24 }))]
        #[test]
        fn all_tiles_stay_within_their_bound(
            channels in [1..2_usize, 1..5, 1..7],
            input in [1..15_usize, 1..15],
            // Kernel sizes that are not a multiple of the stride, too.
            (kernel, stride) in (3..6_usize, 1..4_usize)
                .prop_flat_map(|(size, stride)| ((size - 1) * stride + 1..=size * stride, Just(stride))),
            padding in sides(),
            seed in any::<u16>(),
        ) {
            let steps = [[stride; 2], [1, 1]];
            if let Some(geometry) = geometry(channels, input, [kernel; 2], steps, padding) {
                check_all(geometry, [1, seed.into()]);
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours there")]
    fn several_blocks_cover_a_large_map_and_many_channels() {
        let padding = crate::window::Sides::all(1);
        for (channels, input, kernel, stride) in [
            ([1, 2, 3], [9, 262], 3, 1),
            ([1, 1, 9], [70, 30], 3, 1),
            ([1, 3, 2], [33, 129], 3, 1),
            ([1, 70, 5], [8, 9], 3, 1),
            ([1, 2, 3], [70, 71], 5, 1),
            ([1, 3, 5], [71, 83], 7, 2),
            ([1, 3, 5], [131, 133], 11, 4),
        ] {
            let steps = [[stride; 2], [1, 1]];
            let geometry = geometry(channels, input, [kernel; 2], steps, padding).unwrap();
            check_all(geometry, [11, 1]);
        }
    }

    #[test]
    fn other_windows_have_no_tile() {
        for (kernel, stride, dilation) in [
            ([3, 4], [1, 1], [1, 1]),
            ([6, 6], [2, 3], [1, 1]),
            ([3, 3], [1, 1], [1, 2]),
            ([2, 2], [1, 1], [1, 1]),
            ([3, 3], [2, 2], [1, 1]),
            ([6, 6], [1, 1], [1, 1]),
        ] {
            let steps = [stride, dilation];
            let padding = crate::window::Sides::default();
            let geometry = geometry([1, 1, 1], [30, 30], kernel, steps, padding).unwrap();
            assert_eq!(Tile::of(&geometry), None, "{geometry:?}");
        }
    }
}
